"""How `/k8s get pods` fares in a namespace of 5 000 pods, beside `kubectl get pods`, and what it leaves in memory.

The pods wait for a scheduler that there is not, in a namespace without a quota, which students read.
"""

import asyncio
import json
import re
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.latency import command, kubectl, product, timed
from bot.playground.controlplane import Cluster
from bot.playground.installation import READ_ONLY_NAMESPACES

PODS, AT_ONCE = 5_000, 10  # kubectl creates 50 a second, however many there are in a file
ROUNDS = 20
CALLS, LOOKED_AT = 500, 100
[NAMESPACE] = READ_ONLY_NAMESPACES


def main() -> None:
    asyncio.run(measure())


def crowd(cluster: Cluster) -> None:
    def create(first: int) -> None:
        items = [pod(f"foule-{number}") for number in range(first, PODS, AT_ONCE)]
        document = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        cluster.kubectl("create", f"--namespace={NAMESPACE}", "-f", "-", stdin=document)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(create, range(AT_ONCE)))


def pod(name: str) -> dict[str, object]:
    spec = {"schedulerName": "nobody", "containers": [{"name": "web", "image": "nginx"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


async def measure() -> None:
    async with product() as running:
        await asyncio.to_thread(crowd, running.cluster)

        async def in_slack() -> None:
            await command(running.slack, f"get pods -n {NAMESPACE}")

        ours, theirs = list[float](), list[float]()
        for _ in range(ROUNDS):
            ours.append(await timed(in_slack))
            theirs.append(await timed(lambda: kubectl(running.cluster, "get", "pods", f"--namespace={NAMESPACE}")))
        mine, reference = statistics.median(ours), statistics.median(theirs)
        print(f"/k8s get pods among {PODS}: {mine * 1e3:.0f} ms, kubectl: {reference * 1e3:.0f} ms, "
              f"ratio {mine / reference:.2f}")  # fmt: skip
        print(f"{'calls':>10}{'memory MB':>12}")
        for call in range(CALLS + 1):
            if call % LOOKED_AT == 0:
                print(f"{call:>10}{resident(running.bot.process.pid):>12.1f}", flush=True)
            await in_slack()


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    main()
