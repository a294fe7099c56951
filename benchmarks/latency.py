"""How long `/k8s get pods` takes, beside `kubectl get pods` on the same API server in the same run.

Medians, and each one's ratio to kubectl's: a ratio holds on another machine, milliseconds do not. What counts of
`/k8s` is the bot's: from when a Slack of the benchmark's own sends the command to when it has the whole reply.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bot.playground import localslack
from bot.playground.controlplane import Cluster, ControlPlane, build
from bot.playground.installation import NAMESPACES, READ_ONLY_NAMESPACES, RED, BotAccount, install_chart, seed_sandbox
from bot.playground.localslack import LocalSlack
from bot.sandbox import Person, Sandbox
from tests.podspec import read_pod
from tests.product.process import REPOSITORY, BotProcess, started
from tests.slack.fake_slack import FakeSlack

ROUNDS, WARM_UP = 200, 3
OF_PROCESSES = 20  # a process of ours takes a second: one of so many rounds
STUDENT = Person(localslack.RED_STUDENT, "student", (RED,))
IDENTITY = ("--as=timonier:student", f"--as-group=timonier:students:{RED}")
KUBECTL = "kubectl get pods, a process"
IN_SLACK = "/k8s get pods, from Slack's request to the reply"

Way = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Product:
    """All of it, running: ``kubeconfig`` is the bot's."""

    cluster: Cluster
    slack: FakeSlack
    kubeconfig: Path
    bot: BotProcess


def main() -> None:
    report(asyncio.run(measure()))


@asynccontextmanager
async def product() -> AsyncIterator[Product]:
    """The chart on a control plane, a small Slack, the bot's pod as a process, ready."""
    binaries = build()
    async with FakeSlack.open(members={localslack.RED: [STUDENT.user_id]}) as slack:
        with TemporaryDirectory(prefix="benchmarks-") as name:
            folder = Path(name)
            with ControlPlane(binaries, folder / "cluster") as cluster:
                install_chart(cluster, LocalSlack(int(urlsplit(slack.url).port or 0)), folder)
                seed_sandbox(cluster)
                account = BotAccount(cluster, folder)
                account.renew()
                with started(read_pod(cluster), folder / "bot") as bot:
                    await bot.until_ready()
                    yield Product(cluster, slack, account.kubeconfig, bot)


async def measure() -> dict[str, list[float]]:
    """The seconds of each way. The ways take turns, so that a busy moment hits them all."""
    async with (
        product() as running,
        Sandbox.open(running.kubeconfig, NAMESPACES, READ_ONLY_NAMESPACES) as sandbox,
    ):
        config = running.kubeconfig

        async def in_sandbox() -> None:
            await sandbox.run(await sandbox.parse("get pods"), STUDENT, RED)

        often: dict[str, Way] = {
            KUBECTL: lambda: kubectl(running.cluster, "get", "pods", f"--namespace={RED}"),
            IN_SLACK: lambda: command(running.slack, "get pods"),
            "/k8s get pods, the sandbox alone": in_sandbox,
        }
        seldom: dict[str, Way] = {
            "timonier k8s get pods, a process": lambda: timonier(config, "k8s", "-n", RED, "--", "get", "pods"),
            "timonier ask, a process": lambda: timonier(config, "ask", "comment voir les pods ?"),
        }
        seconds: dict[str, list[float]] = {name: [] for name in (*often, *seldom)}
        for round_ in range(-WARM_UP, ROUNDS):
            for name, way in (often if round_ % OF_PROCESSES else often | seldom).items():
                taken = await timed(way)
                if round_ >= 0:
                    seconds[name].append(taken)
    return seconds


async def command(slack: FakeSlack, text: str) -> None:
    """What a student types, until its reply is there."""
    replies = len(slack.called("respond"))
    await slack.command(text, user=STUDENT.user_id, channel=localslack.RED)
    await slack.wait_for("respond", replies + 1)


async def kubectl(cluster: Cluster, *args: str) -> None:
    files = (f"--kubeconfig={cluster.kubeconfig}", f"--cache-dir={cluster.folder / 'kubectl'}")
    await run(str(cluster.binaries / "kubectl"), *args, *files, *IDENTITY)


async def timed(way: Way) -> float:
    begun = time.perf_counter()
    await way()
    return time.perf_counter() - begun


async def timonier(kubeconfig: Path, *args: str) -> None:
    await run(sys.executable, "-m", "bot", *args, env={**os.environ, "KUBECONFIG": str(kubeconfig)})


async def run(*command: str, env: dict[str, str] | None = None) -> None:
    """Raises RuntimeError when it fails: what failed fast is no measure."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=env, cwd=REPOSITORY, stdout=pipe, stderr=pipe)
    _, stderr = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {stderr.decode()}")


def report(seconds: dict[str, list[float]]) -> None:
    medians = {name: statistics.median(measured) for name, measured in seconds.items()}
    print(f"{'median of as many':<52}{'rounds':>8}{'ms':>8}{'ratio to kubectl':>20}")
    for name, median in medians.items():
        print(f"{name:<52}{len(seconds[name]):>8}{median * 1000:>8.1f}{median / medians[KUBECTL]:>20.2f}")


if __name__ == "__main__":
    main()
