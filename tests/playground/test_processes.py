"""Programs end with whoever started them, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from bot.playground.processes import ProcessDied, Processes, free_ports, is_free, popen, tethered
from tests.playground.processes_of import eventually, is_running

SLEEP = ("sleep", "600")
SAY_WHEN_STOPPED = """
import pathlib, signal, sys, time
def stop(*_):
    with pathlib.Path(sys.argv[1]).open("a") as order: order.write(sys.argv[2])
    sys.exit()
signal.signal(signal.SIGTERM, stop)
pathlib.Path(sys.argv[1] + sys.argv[2]).write_text("ready")
time.sleep(600)
"""
PARENT = """
import sys, time
from pathlib import Path
from bot.playground.processes import Processes
with Processes(Path(sys.argv[1])) as processes:
    processes.start("child", "sleep", "600")
    print(processes._running[0][1].pid, flush=True)
    time.sleep(600)
"""
BUILDER = """
import time
from bot.playground.processes import popen, tethered
popen(tethered("sh", "-c", "sleep 601 & echo $! > grandchild; wait", mode="group"))
print("started", flush=True)
time.sleep(600)
"""


def wait_until_gone(pid: int) -> None:
    eventually(lambda: not is_running(pid), f"process {pid} is still there")


def wait_for(path: Path) -> str:
    eventually(lambda: path.exists() and path.read_text() != "", f"{path} does not appear")
    return path.read_text()


def test_a_program_that_ends_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.start("etcd", "sh", "-c", "echo the disk is full; exit 3")
        ((_, process),) = processes._running
        process.wait()
        with pytest.raises(ProcessDied, match=r"(?s)etcd ended with status 3.*the disk is full"):
            processes.check()


def test_programs_are_stopped_in_the_reverse_order_of_their_start(tmp_path: Path) -> None:
    order = tmp_path / "order"
    with Processes(tmp_path) as processes:
        for name in "abc":
            processes.start(name, sys.executable, "-c", SAY_WHEN_STOPPED, order, name)
        for name in "abc":
            wait_for(tmp_path / f"order{name}")
    assert order.read_text() == "cba"


def test_a_program_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    processes = Processes(tmp_path, stop_seconds=0.2)
    processes.start("deaf", "sh", "-c", "trap '' TERM; echo ready > deaf; while :; do sleep 0.1; done", cwd=tmp_path)
    wait_for(tmp_path / "deaf")
    ((_, process),) = processes._running
    processes.stop()
    assert process.returncode == -signal.SIGKILL


def test_a_program_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        thread = Thread(target=processes.start, args=("sleeper", *SLEEP))
        thread.start()
        thread.join()
        time.sleep(0.3)
        processes.check()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_parent_that_is_killed_leaves_no_program(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.send_signal(number)
        wait_until_gone(child)


def test_a_builder_that_is_killed_leaves_none_of_its_compilers(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILDER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        grandchild = int(wait_for(tmp_path / "grandchild"))
        parent.kill()
        wait_until_gone(grandchild)


def test_a_builder_that_is_stopped_takes_its_compilers_along(tmp_path: Path) -> None:
    process = popen(tethered("sh", "-c", "sleep 602 & echo $! > grandchild; wait", mode="group"), cwd=tmp_path)
    grandchild = int(wait_for(tmp_path / "grandchild"))
    process.terminate()
    process.wait()
    wait_until_gone(grandchild)


def test_the_status_of_a_builder_is_its_own() -> None:
    assert popen(tethered("sh", "-c", "exit 7", mode="group")).wait() == 7


def test_free_ports_are_free_and_different() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert all(map(is_free, ports))


def environment() -> dict[str, str]:
    """The package is importable from another folder too."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
