"""The whole product: the chart on the real control plane, the local Slack, and the bot's pod as a process."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
import yaml

from bot.playground import localslack
from bot.playground.controlplane import Cluster
from bot.playground.installation import COURSE, RED
from bot.playground.localslack import LocalSlack
from bot.playground.processes import Processes, free_ports
from tests.cluster import CHART, IN_RELEASE, RELEASE, install_chart
from tests.podspec import Pod, read_pod
from tests.product.chat import Chat


@pytest.fixture(scope="session")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSlack]:
    folder = tmp_path_factory.mktemp("slack")
    with Processes(folder) as processes:
        yield localslack.start(processes, folder, *free_ports(1))


@pytest.fixture(scope="session")
def cluster(sandbox_cluster: Cluster, slack: LocalSlack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """With the chart as an operator of this Slack would install it."""
    values = tmp_path_factory.mktemp("chart") / "values.yaml"
    values.write_text(yaml.safe_dump({"slackApiUrl": slack.api_url, "config": COURSE}))
    sandbox_cluster.helm("upgrade", RELEASE, CHART, IN_RELEASE, "--reuse-values", f"--values={values}")
    tokens = (f"--from-literal=SLACK_BOT_TOKEN={slack.bot_token}", f"--from-literal=SLACK_APP_TOKEN={slack.app_token}")
    sandbox_cluster.kubectl("create", "secret", "generic", "slack", *tokens, IN_RELEASE)
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", "secret", "slack", IN_RELEASE)
    install_chart(sandbox_cluster)


@pytest.fixture(scope="session")
def pod(cluster: Cluster) -> Pod:
    return read_pod(cluster)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chat(slack: LocalSlack) -> AsyncIterator[Chat]:
    async with Chat.open(slack) as chat:
        yield chat


class Admin:
    """What the cluster's administrator sees and does in the red team's namespace."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def kubectl(self, *args: str) -> str:
        return await asyncio.to_thread(self._cluster.kubectl, *args, f"--namespace={RED}")

    async def scale(self, replicas: int) -> None:
        await self.kubectl("scale", "deployment/demonstration", f"--replicas={replicas}")
        await self.kubectl("rollout", "status", "deployment/demonstration", "--timeout=30s")

    async def replicas(self) -> int:
        return int(await self.kubectl("get", "deployment", "demonstration", "--output=jsonpath={.spec.replicas}"))

    async def services(self) -> list[str]:
        return (await self.kubectl("get", "services", "--output=name")).split()


@pytest_asyncio.fixture(loop_scope="session")
async def admin(cluster: Cluster) -> AsyncIterator[Admin]:
    """At the end the namespace is as it was: two replicas, no service."""
    admin = Admin(cluster)
    yield admin
    if await admin.replicas() != 2:
        await admin.scale(2)
    if services := await admin.services():
        await admin.kubectl("delete", *services)
