"""Writes on the real API server: tried first, told as before → after, looked at again, taken back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.playground.controlplane import Cluster
from bot.sandbox import Change, Person, Sandbox, asks_first
from tests.sandbox.conftest import BLEUE, IN_TEAM, STUDENT, TRAINER, preview, run

pytestmark = pytest.mark.cluster
EXPOSE = "expose deployment demonstration --port=80 --name=vitrine"


@pytest.fixture
def cluster(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", "service", "vitrine", IN_TEAM, "--ignore-not-found")
    sandbox_cluster.kubectl("scale", "deployment/demonstration", "--replicas=2", IN_TEAM)
    sandbox_cluster.kubectl("rollout", "status", "deployment/demonstration", IN_TEAM, "--timeout=60s")


def spec(cluster: Cluster, thing: str = "deployment/demonstration") -> Any:
    return json.loads(cluster.kubectl("get", thing, IN_TEAM, "--output=json"))["spec"]


@contextmanager
def pods_at_most(cluster: Cluster, count: int) -> Iterator[None]:
    """With a quota of its own beside the chart's."""
    cluster.kubectl("create", "quota", "serre", f"--hard=pods={count}", IN_TEAM)
    try:
        cluster.kubectl("wait", "--for=jsonpath={.status.used.pods}", "quota/serre", IN_TEAM, "--timeout=30s")
        yield
    finally:
        cluster.kubectl("delete", "quota", "serre", IN_TEAM)


async def test_a_scale_says_before_and_after(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "scale deployment demonstration --replicas=5")
    [change] = result.changes
    assert change.told["fr"] == "`deployment.apps/demonstration` : 2 → 5 réplicas"
    assert not asks_first(result.changes)


async def test_a_preview_changes_nothing(sandbox: Sandbox, cluster: Cluster) -> None:
    zero = await preview(sandbox, "scale deployment demonstration --replicas=0")
    assert asks_first(zero.changes)
    assert spec(cluster)["replicas"] == 2
    for _ in range(2):
        exposed = await preview(sandbox, EXPOSE)
        assert exposed.status == 0
    assert (await preview(sandbox, EXPOSE)).changes == exposed.changes


async def test_a_preview_tells_the_policy(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await preview(sandbox, "scale deployment demonstration --replicas=11")
    assert result.changes == ()
    assert result.explanation
    assert "10 réplicas au plus" in result.explanation["fr"]


async def test_more_than_one_object_asks_first(sandbox: Sandbox, cluster: Cluster) -> None:
    shown = await preview(sandbox, "scale deploy/demonstration deploy/demonstration --replicas=1")
    assert asks_first(shown.changes)


async def test_a_scale_is_undone_though_its_status_and_labels_moved(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "scale deployment demonstration --replicas=3")
    cluster.kubectl("rollout", "status", "deployment/demonstration", IN_TEAM, "--timeout=60s")
    cluster.kubectl("label", "deployment", "demonstration", "saison=automne", IN_TEAM)
    tried = await sandbox.undo(result.changes, TRAINER, dry=True)
    assert tried.status == 0
    assert spec(cluster)["replicas"] == 3
    undone = await sandbox.undo(result.changes, TRAINER)
    assert undone.line == f"kubectl scale deployment.apps/demonstration -n {BLEUE} --replicas=2"
    assert undone.stdout == "deployment.apps/demonstration scaled\n"
    assert undone.changes[0].told["fr"] == "`deployment.apps/demonstration` : 3 → 2 réplicas"
    assert spec(cluster)["replicas"] == 2
    cluster.kubectl("label", "deployment", "demonstration", "saison-", IN_TEAM)


async def test_somebody_elses_scale_is_not_undone(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "scale deployment demonstration --replicas=3")
    cluster.kubectl("scale", "deployment/demonstration", "--replicas=4", IN_TEAM)
    with pytest.raises(NotAllowed) as refused:
        await sandbox.undo(result.changes, TRAINER)
    assert "il devait avoir 3 réplicas, il en a 4" in refused.value.text["fr"]
    assert spec(cluster)["replicas"] == 4


async def test_a_service_is_undone_by_deleting_it_once(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, EXPOSE)
    assert result.changes[0].told["fr"] == "`service/vitrine` : créé"
    await sandbox.undo(result.changes, TRAINER, dry=True)
    assert spec(cluster, "service/vitrine")["ports"][0]["port"] == 80
    undone = await sandbox.undo(result.changes, TRAINER)
    assert undone.line == f"kubectl delete service/vitrine -n {BLEUE}"
    assert undone.stdout == f'service "vitrine" deleted from {BLEUE} namespace\n'
    assert "vitrine" not in cluster.kubectl("get", "services", IN_TEAM)
    with pytest.raises(NotAllowed, match="nothing to undo"):
        await sandbox.undo(result.changes, TRAINER)


async def test_a_service_that_was_changed_or_made_again_is_left_alone(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, EXPOSE)
    cluster.kubectl("patch", "service", "vitrine", IN_TEAM, '--patch={"spec":{"selector":{"app":"autre"}}}')
    with pytest.raises(NotAllowed, match="changed since"):
        await sandbox.undo(result.changes, TRAINER)
    cluster.kubectl("delete", "service", "vitrine", IN_TEAM)
    cluster.kubectl("expose", "deployment", "demonstration", "--port=80", "--name=vitrine", IN_TEAM)
    with pytest.raises(NotAllowed, match="created again"):
        await sandbox.undo(result.changes, TRAINER)
    assert spec(cluster, "service/vitrine")


async def test_a_student_undoes_nothing(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "scale deployment demonstration --replicas=3")
    with pytest.raises(NotAllowed, match="trainers only"):
        await sandbox.undo(result.changes, STUDENT)
    assert spec(cluster)["replicas"] == 3


async def test_whoever_has_no_namespace_writes_nowhere(sandbox: Sandbox) -> None:
    command = await sandbox.parse("scale deployment demonstration --replicas=3")
    with pytest.raises(NotAllowed, match="no team"):
        await sandbox.preview(command, Person("U0", "trainer", ()), "")


async def test_the_look_after_a_scale_counts_the_pods(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "scale deployment demonstration --replicas=3")
    seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert seen["fr"] == "3 pods prêts sur 3."
    result = await run(sandbox, "scale deployment demonstration --replicas=0")
    seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert seen["fr"] == "Plus aucun pod ne tourne."


async def test_the_look_after_a_scale_tells_the_quota(sandbox: Sandbox, cluster: Cluster) -> None:
    with pods_at_most(cluster, 4):
        result = await run(sandbox, "scale deployment demonstration --replicas=6")
        seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert seen["fr"] == "4 pods prêts sur 6 ; 2 non créés : quota du namespace atteint (`pods=4`)."
    assert seen["en"] == "4 of 6 pods ready; 2 not created: quota of the namespace reached (`pods=4`)."


async def test_a_change_is_plain_json(sandbox: Sandbox, cluster: Cluster) -> None:
    [change] = (await run(sandbox, EXPOSE)).changes
    assert Change(**json.loads(json.dumps(asdict(change)))) == change
