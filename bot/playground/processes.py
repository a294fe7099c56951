"""Programs that end with us: on leaving, on an error, and when we are killed.

Each has its own log file. They are stopped in the reverse order of their start.
"""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

TETHER = Path(__file__).with_name("tether.py")
STOP_SECONDS = 8.0
LOG_TAIL_LINES = 15

# A tethered program dies with the *thread* that started it, so one thread that lives as long as we do starts them all.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")


class ProcessDied(RuntimeError):
    """A program that should be running has ended. The text names it and shows the end of its log."""


def tethered(*command: str | Path, mode: Literal["exec", "group"] = "exec") -> list[str]:
    """The command line under which ``command`` cannot outlive this process."""
    return [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), mode, *map(str, command)]


def popen(
    command: list[str],
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int = subprocess.STDOUT,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> "subprocess.Popen[str]":
    """Like ``subprocess.Popen``, from the thread that lasts and away from the terminal's Ctrl-C."""

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd=cwd,
            env=env,
            text=True,
            start_new_session=True,
        )

    return _starter.submit(start).result()


class Processes:
    """The programs that belong together; leaving the ``with`` block stops them."""

    def __init__(self, logs: Path, stop_seconds: float = STOP_SECONDS) -> None:
        self._logs = logs
        self._stop_seconds = stop_seconds
        self._running: list[tuple[str, subprocess.Popen[str]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def start(
        self, name: str, *command: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        with self.log(name).open("wb") as log:
            process = popen(tethered(*command), stdout=log, env=env, cwd=cwd)
        self._running.append((name, process))

    def check(self) -> None:
        """Raises ProcessDied when one of them has ended."""
        for name, process in self._running:
            if process.poll() is not None:
                tail = self.log(name).read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
                ended = f"{name} ended with status {process.returncode}; the end of {self.log(name)}:"
                raise ProcessDied("\n".join([ended, *tail]))

    def stop(self) -> None:
        while self._running:
            _, process = self._running.pop()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(self._stop_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Free ports below the range from which the system takes ports for outgoing connections."""
    ports: list[int] = []
    for port in random.SystemRandom().sample(range(20_000, 32_000), 12_000):
        if is_free(port):
            ports.append(port)
        if len(ports) == count:
            return ports
    raise OSError("no free port on 127.0.0.1 between 20000 and 32000")
