"""From the start of `timonier serve` to its first answer on /livez, and its memory, beside loading its libraries.

Medians of some starts; the ratio holds on another machine, seconds do not. Slack is a small one of ours; an API server
is not waited for by a start, so there is none.
"""

import asyncio
import os
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bot.playground.processes import free_ports
from tests.slack.fake_slack import FakeSlack

ROUNDS = 5
LIBRARIES = (
    "import aiohttp, alembic.command, pydantic, slack_bolt.async_app, sqlalchemy.orm, sys; print(); sys.stdin.read()"
)
KUBECONFIG = """\
clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: none, context: {cluster: none, user: none}}]
users: [{name: none, user: {token: none}}]
current-context: none
"""


def main() -> None:
    asyncio.run(_compare())


async def _compare() -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "kubeconfig").write_text(KUBECONFIG)
        async with FakeSlack.open() as slack:
            rounds = [(await _libraries(), await _serve(slack, Path(folder))) for _ in range(ROUNDS)]
    libraries, served = (
        [statistics.median(column) for column in zip(*each, strict=True)] for each in zip(*rounds, strict=True)
    )
    for name, (seconds, megabytes) in (("its libraries alone", libraries), ("timonier serve", served)):
        ratios = f"{seconds / libraries[0]:.2f} × the time, {megabytes / libraries[1]:.2f} × the memory"
        print(f"{name:20} {seconds:6.2f} s {megabytes:6.0f} MB   {ratios}")


async def _libraries() -> tuple[float, float]:
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LIBRARIES, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    await process.stdout.readline()
    seconds = time.monotonic() - begun
    memory = _megabytes(process.pid)
    await process.communicate(b"")
    return seconds, memory


async def _serve(slack: FakeSlack, folder: Path) -> tuple[float, float]:
    (port,) = free_ports(1)
    env = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": "xoxb-benchmark",
        "SLACK_APP_TOKEN": "xapp-benchmark",
        "SLACK_API_URL": f"{slack.url}/api/",
        "KUBECONFIG": str(folder / "kubeconfig"),
        "DATABASE_URL": f"sqlite:///{folder}/journal.db",
        "TIMONIER_HOST": "127.0.0.1",
        "PORT": str(port),
    }
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", env=env, stderr=asyncio.subprocess.DEVNULL
    )
    async with aiohttp.ClientSession() as session:
        while process.returncode is None:
            try:
                async with session.get(f"http://127.0.0.1:{port}/livez"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.01)
    measured = time.monotonic() - begun, _megabytes(process.pid)
    process.terminate()
    await process.wait()
    return measured


def _megabytes(pid: int) -> float:
    """Resident."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
