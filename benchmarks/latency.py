"""How long `/k8s get pods` takes, beside `kubectl get pods` on the same API server in the same run.

Medians, and each one's ratio to kubectl's: a ratio holds on another machine, milliseconds do not.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bot.playground import localslack
from bot.playground.controlplane import Cluster, ControlPlane, build
from bot.playground.installation import NAMESPACES, READ_ONLY_NAMESPACES, RED, BotAccount, install_chart, seed_sandbox
from bot.playground.localslack import BOT, LocalSlack
from bot.playground.processes import Processes, free_ports
from bot.sandbox import Person, Sandbox
from tests.podspec import read_pod
from tests.product.process import REPOSITORY, BotProcess, started

ROUNDS, WARM_UP = 20, 3
STUDENT = Person(localslack.RED_STUDENT, "student", (RED,))
IDENTITY = ("--as=timonier:student", f"--as-group=timonier:students:{RED}", f"--namespace={RED}")
KUBECTL = "kubectl get pods, a process"

Way = Callable[[], Awaitable[object]]


def main() -> None:
    binaries = build()
    with TemporaryDirectory(prefix="benchmarks-") as name, Processes(Path(name)) as processes:
        folder = Path(name)
        slack = localslack.start(processes, folder, *free_ports(1))
        with ControlPlane(binaries, folder / "cluster") as cluster:
            install_chart(cluster, slack, folder)
            seed_sandbox(cluster)
            account = BotAccount(cluster, folder)
            account.renew()
            with started(read_pod(cluster), folder / "bot") as bot:
                report(asyncio.run(measure(cluster, slack, account.kubeconfig, bot)))


async def measure(cluster: Cluster, slack: LocalSlack, kubeconfig: Path, bot: BotProcess) -> dict[str, float]:
    """The median seconds of each way. The ways take turns, so that a busy moment hits them all."""
    await bot.until_ready()
    async with (
        Sandbox.open(kubeconfig, NAMESPACES, READ_ONLY_NAMESPACES) as sandbox,
        aiohttp.ClientSession(slack.url) as session,
        session.ws_connect("/ui", max_msg_size=0) as page,
    ):

        async def kubectl() -> None:
            files = (f"--kubeconfig={cluster.kubeconfig}", f"--cache-dir={cluster.folder / 'kubectl'}")
            await run(str(cluster.binaries / "kubectl"), "get", "pods", *files, *IDENTITY)

        async def in_sandbox() -> None:
            await sandbox.run(await sandbox.parse("get pods"), STUDENT, RED)

        async def in_slack() -> None:
            body = {"channel": localslack.RED, "user": STUDENT.user_id, "command": "/k8s", "text": "get pods"}
            async with session.post("/_control/command", json=body):
                while (event := await page.receive_json())["t"] != "message" or event["message"]["user"] != BOT:
                    pass

        ways: dict[str, Way] = {
            KUBECTL: kubectl,
            "/k8s get pods, from Slack's request to the reply": in_slack,
            "/k8s get pods, the sandbox alone": in_sandbox,
            "timonier k8s get pods, a process": lambda: timonier(kubeconfig, "k8s", "-n", RED, "--", "get", "pods"),
            "timonier ask, a process": lambda: timonier(kubeconfig, "ask", "comment voir les pods ?"),
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(WARM_UP + ROUNDS):
            for name, way in ways.items():
                seconds[name].append(await timed(way))
    return {name: statistics.median(measured[WARM_UP:]) for name, measured in seconds.items()}


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


def report(medians: dict[str, float]) -> None:
    print(f"{'median of ' + str(ROUNDS):<52}{'ms':>8}{'ratio to kubectl':>20}")
    for name, median in medians.items():
        print(f"{name:<52}{median * 1000:>8.0f}{median / medians[KUBECTL]:>20.2f}")


if __name__ == "__main__":
    main()
