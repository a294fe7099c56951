"""The bot as a process, started as a kubelet starts its pod, and what is seen of it from outside."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.playground.processes import free_ports, popen, tethered
from tests.podspec import Pod
from tests.product.chat import until

REPOSITORY = Path(__file__).parents[2]
START_SECONDS, STOP_SECONDS = 30.0, 30.0  # a pod's own grace


@dataclass(frozen=True, slots=True)
class BotProcess:
    process: "subprocess.Popen[str]"
    port: int
    log: Path
    journal: Path

    async def probe(self, path: str) -> tuple[int, dict[str, str]]:
        """Status and parts, as the kubelet's probe gets them; raises OSError while nothing answers."""
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}{path}") as response:
            return response.status, await response.json()

    async def until_ready(self, **parts: str) -> None:
        """Waits until all parts are ok, or as in ``parts``: the beginning of what /readyz says of each."""
        expected = {"slack": "ok", "kubernetes": "ok", "journal": "ok", **parts}

        async def is_ready() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            try:
                status, said = await self.probe("/readyz")
            except (OSError, aiohttp.ClientError):
                return False
            assert (status == 200) == all(state == "ok" for state in said.values())
            return all(said[part].startswith(state) for part, state in expected.items())

        await until(is_ready, f"/readyz with {expected}", START_SECONDS)

    async def until_settled(self) -> None:
        """Waits until nobody is owed a reply."""

        async def is_settled() -> bool:
            return not self.rows("replied_at IS NULL")

        await until(is_settled, "end of what is owed")

    def rows(self, where: str) -> list[dict[str, Any]]:
        """The journal's inputs, as another process reads them."""
        with closing(sqlite3.connect(f"file:{self.journal}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM inputs WHERE {where} ORDER BY id")]

    @contextmanager
    def locked_journal(self) -> Iterator[None]:
        """Another process holds the write lock, as a sick disk would."""
        with closing(sqlite3.connect(self.journal)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def terminate(self) -> int:
        """SIGTERM, as at the end of a pod; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait, STOP_SECONDS)


@contextmanager
def started(pod: Pod, folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[BotProcess]:
    """Starts the pod's container; ``folder`` holds its volumes, so that a second start finds the same journal.

    ``environment`` is laid over the pod's own.
    """
    (port,) = free_ports(1)
    env = {**pod.env, "PORT": str(port), "TIMONIER_HOST": "127.0.0.1", **(environment or {})}
    command = pod.command(folder, sys.executable, "-m", "bot", *pod.args)
    log = folder / f"bot-{port}.log"
    with log.open("wb") as out:
        process = popen(tethered(*command), stdout=out, env=env, cwd=REPOSITORY)
    bot = BotProcess(process, port, log, folder / "volumes/var/lib/timonier/timonier.db")
    try:
        yield bot
    finally:
        bot.kill()
