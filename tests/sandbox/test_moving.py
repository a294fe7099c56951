"""What changes on the real API server while the bot runs: types that come, rights that go."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox, api
from bot.sandbox.access import Places
from tests.cluster import TEAMS
from tests.sandbox.conftest import STUDENT

pytestmark = pytest.mark.cluster
SECONDS = 20.0  # the API server caches a right to act for somebody for 10
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "voiliers.cours.timonier.dev"},
    "spec": {
        "group": "cours.timonier.dev",
        "names": {"plural": "voiliers", "singular": "voilier", "kind": "Voilier"},
        "scope": "Namespaced",
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {"mats": {"type": "integer"}}}},
            }
        ],
    },
}


@pytest.fixture
def type_of_its_own(sandbox_cluster: Cluster) -> Iterator[None]:
    yield
    sandbox_cluster.kubectl("delete", "crd", "voiliers.cours.timonier.dev", "--ignore-not-found")


@pytest.fixture(params=["timonier:student", "timonier:bot"])
def binding(sandbox_cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of the person's role, or of the bot's right to act for it; given back at the end."""
    name, there = str(request.param), f"--namespace={TEAMS[0]}"
    kept = json.loads(sandbox_cluster.kubectl("get", "rolebinding", name, there, "--output=json"))
    for field in ("uid", "resourceVersion", "creationTimestamp", "managedFields"):
        kept["metadata"].pop(field, None)
    yield name
    sandbox_cluster.kubectl("create", there, "-f", "-", stdin=json.dumps(kept))


async def test_a_new_type_is_known_within_a_minute(
    sandbox_cluster: Cluster, bot_kubeconfig: Path, type_of_its_own: None
) -> None:
    now = 0.0
    async with api.connect(bot_kubeconfig) as connected:
        sandbox = Sandbox(connected, Places(TEAMS, ()), clock=lambda: now)

        async def known() -> bool:
            listed = await sandbox.run(
                await sandbox.parse("api-resources --api-group=cours.timonier.dev"), STUDENT, None
            )
            return "voiliers" in listed.stdout

        assert not await known()
        await asyncio.to_thread(sandbox_cluster.kubectl, "create", "-f", "-", stdin=json.dumps(CRD))
        deadline = time.monotonic() + SECONDS
        while not await known():
            assert time.monotonic() < deadline
            now += 60  # the bot's next look
            await asyncio.sleep(0.2)
        with pytest.raises(BotError, match="does not take the type"):
            await sandbox.parse("get voiliers")


@pytest.mark.slow
async def test_a_right_that_is_withdrawn_is_told_as_soon_as_the_api_server_forgets_it(
    sandbox_cluster: Cluster, sandbox: Sandbox, binding: str
) -> None:
    command = await sandbox.parse("get pods")
    assert (await sandbox.run(command, STUDENT, TEAMS[0])).status == 0
    await asyncio.to_thread(sandbox_cluster.kubectl, "delete", "rolebinding", binding, f"--namespace={TEAMS[0]}")
    deadline = time.monotonic() + SECONDS
    while (result := await sandbox.run(command, STUDENT, TEAMS[0])).status == 0:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.5)
    assert result.lesson is not None
    assert result.lesson.topic == "forbidden"
    assert "serviceaccount" not in result.lesson.text["fr"]
