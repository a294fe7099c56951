"""`rollout undo`, `restart`, `pause` and `resume` through kubectl and through the sandbox; what is told, and undone."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox, asks_first
from tests.api import TRAINER as AS_TRAINER
from tests.api import Api, bot_api
from tests.cluster import TEAMS
from tests.sandbox.conftest import BLEUE, IN_TEAM, TRAINER, preview, run
from tests.sandbox.kubectl import ask_kubectl, ask_sandbox

pytestmark = pytest.mark.cluster
GOLDEN = Path(__file__).parent / "golden"
RESTARTED_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
OURS = ("agent", "applied", "single", "site", "store")
KINDS = ("deployments", "daemonsets", "statefulsets")


@pytest.mark.slow
async def test_a_session_of_writes_has_the_words_of_kubectl_and_leaves_the_same_objects(
    sandbox_cluster: Cluster, sandbox: Sandbox
) -> None:
    """kubectl in one team's namespace, the sandbox in the other's: each line builds on those before."""
    async with bot_api(sandbox_cluster) as api, contextlib.AsyncExitStack() as stack:
        sides = [Side(sandbox_cluster, api, team) for team in TEAMS]
        for side in sides:
            await stack.enter_async_context(side.with_objects())
        for line in (GOLDEN / "rollout-writes.txt").read_text().splitlines():
            theirs = await ask_kubectl(sandbox_cluster, line, TEAMS[0])
            ours = await ask_sandbox(sandbox, line, BLEUE)
            assert (line, ours) == (line, replace(theirs, stderr=theirs.stderr.replace(*TEAMS)))
            left, right = await asyncio.gather(*(side.settled() for side in sides))
            assert (line, right) == (line, left)


@dataclass(frozen=True, slots=True)
class Side:
    cluster: Cluster
    api: Api
    namespace: str

    @contextlib.asynccontextmanager
    async def with_objects(self) -> AsyncIterator[None]:
        """Three revisions of all but one of them."""
        objects = f"--filename={GOLDEN / 'rolled-back.yaml'}"
        self.kubectl("create", objects)
        updated = ("deployment/site", "deployment/applied", "daemonset/agent", "statefulset/store")
        try:
            for version in ("1.26", "1.27"):
                await self.settled()
                self.kubectl("annotate", "--overwrite", *updated, f"kubernetes.io/change-cause=nginx {version}")
                self.kubectl("set", "image", *updated, f"main=nginx:{version}")
            await self.settled()
            yield
        finally:
            self.kubectl("delete", objects, "--wait=false")

    async def settled(self) -> list[str]:
        """Of each object of ours what a rollout may change, once its controller has seen it."""
        async with asyncio.timeout(20):
            while True:
                paths = (f"/apis/apps/v1/namespaces/{self.namespace}/{kind}" for kind in KINDS)
                answers = await asyncio.gather(*(self.api.ask("GET", path, AS_TRAINER) for path in paths))
                lists: list[Any] = [answer.body["items"] for answer in answers]
                found = [one for items in lists for one in items if one["metadata"]["name"] in OURS]
                if all(one["metadata"]["generation"] == one["status"].get("observedGeneration") for one in found):
                    return [what_rolls(one) for one in found]

    def kubectl(self, *words: str) -> str:
        return self.cluster.kubectl(*words, f"--namespace={self.namespace}")


def what_rolls(workload: dict[str, Any]) -> str:
    """Without the times of restarts and the namespace, which two sides cannot share."""
    metadata, spec = workload["metadata"], workload["spec"]
    rolls = [metadata["name"], metadata.get("annotations"), spec.get("paused"), spec["template"]]
    return RESTARTED_AT.sub("", json.dumps(rolls, sort_keys=True)).replace(metadata["namespace"], "")


@pytest.fixture
def site(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    """With a deployment of two revisions, and a password in each."""
    kubectl = sandbox_cluster.kubectl
    kubectl("create", "deployment", "boutique", "--image=nginx:1.25", "--replicas=0", IN_TEAM)
    kubectl("rollout", "status", "deployment/boutique", IN_TEAM, "--timeout=30s")
    kubectl("patch", "deployment/boutique", f"--patch={json.dumps(SECOND)}", IN_TEAM)
    kubectl("rollout", "status", "deployment/boutique", IN_TEAM, "--timeout=30s")
    yield sandbox_cluster
    kubectl("delete", "deployment", "boutique", IN_TEAM, "--wait=false")


SECOND = {
    "spec": {
        "replicas": 2,
        "template": {
            "spec": {
                "containers": [
                    {"name": "nginx", "image": "nginx:1.26", "env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}
                ]
            }
        },
    }
}


def image(cluster: Cluster) -> str:
    path = "--output=jsonpath={.spec.template.spec.containers[0].image}"
    return cluster.kubectl("get", "deployment/boutique", path, IN_TEAM)


async def test_going_back_is_asked_first_with_all_that_would_differ(sandbox: Sandbox, site: Cluster) -> None:
    shown = await preview(sandbox, "rollout undo deployment/boutique")
    assert asks_first(shown.changes)
    assert shown.changes[0].told["fr"] == (
        "`deployment.apps/boutique` : révision 2 → 1 ; image de `nginx` : nginx:1.26 → nginx:1.25 ; "
        "`spec.containers[nginx].env[DB_PASSWORD].value` : `********` → ∅"
    )
    assert (await preview(sandbox, "rollout undo deployment/boutique")).changes == shown.changes
    assert image(site) == "nginx:1.26"


async def test_a_change_keeps_no_credential_of_either_template(sandbox: Sandbox, site: Cluster) -> None:
    result = await run(sandbox, "rollout undo deployment/boutique")
    assert "hunter2" not in json.dumps([asdict(change) for change in result.changes])


async def test_going_back_is_taken_back_though_its_numbers_moved(sandbox: Sandbox, site: Cluster) -> None:
    result = await run(sandbox, "rollout undo deployment/boutique")
    site.kubectl("rollout", "status", "deployment/boutique", IN_TEAM, "--timeout=30s")
    await sandbox.undo(result.changes, TRAINER, dry=True)
    assert image(site) == "nginx:1.25"
    undone = await sandbox.undo(result.changes, TRAINER)
    assert undone.line == f"kubectl rollout undo deployment.apps/boutique -n {BLEUE} --to-revision=2"
    assert undone.stdout == "deployment.apps/boutique rolled back\n"
    assert image(site) == "nginx:1.26"
    environment = "--output=jsonpath={.spec.template.spec.containers[0].env[0].value}"
    assert site.kubectl("get", "deployment/boutique", environment, IN_TEAM) == "hunter2"


async def test_somebody_elses_version_is_not_taken_back(sandbox: Sandbox, site: Cluster) -> None:
    result = await run(sandbox, "rollout undo deployment/boutique")
    site.kubectl("set", "image", "deployment/boutique", "nginx=nginx:1.27", IN_TEAM)
    with pytest.raises(NotAllowed, match="was changed since"):
        await sandbox.undo(result.changes, TRAINER)
    assert image(site) == "nginx:1.27"


async def test_a_version_that_the_cluster_does_not_keep_any_more_is_told(sandbox: Sandbox, site: Cluster) -> None:
    result = await run(sandbox, "rollout undo deployment/boutique")
    site.kubectl("rollout", "status", "deployment/boutique", IN_TEAM, "--timeout=30s")
    site.kubectl("patch", "deployment/boutique", '--patch={"spec": {"revisionHistoryLimit": 0}}', IN_TEAM)
    kept = (result.changes[0].before or {})["kept"]
    site.kubectl("wait", "--for=delete", f"replicaset/{kept}", IN_TEAM, "--timeout=30s")
    with pytest.raises(NotAllowed, match="does not keep the version before"):
        await sandbox.undo(result.changes, TRAINER)
    assert image(site) == "nginx:1.25"


async def test_what_is_there_already_is_neither_asked_nor_undone(sandbox: Sandbox, site: Cluster) -> None:
    shown = await preview(sandbox, "rollout undo deployment/boutique --to-revision=2")
    assert not asks_first(shown.changes)
    result = await run(sandbox, "rollout undo deployment/boutique --to-revision=2")
    assert not result.changes[0].can_be_undone
    assert result.changes[0].told["fr"] == "`deployment.apps/boutique` : cette version y est déjà : rien ne change"


async def test_a_restart_runs_at_once_and_is_looked_at_and_not_undone(sandbox: Sandbox, site: Cluster) -> None:
    assert not asks_first((await preview(sandbox, "rollout restart deployment/boutique")).changes)
    result = await run(sandbox, "rollout restart deployment/boutique")
    assert not result.changes[0].can_be_undone
    seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert re.fullmatch(r"\d nouveaux? pods? prêts? sur 2( ; \d démarren?t? encore)?\.", seen["fr"])


async def test_several_restarts_are_asked_first_and_stay_what_was_shown(sandbox: Sandbox, site: Cluster) -> None:
    shown = await preview(sandbox, "rollout restart deployments")
    assert asks_first(shown.changes)
    await asyncio.sleep(1)
    assert (await preview(sandbox, "rollout restart deployments")).changes == shown.changes


async def test_a_new_version_that_does_not_start_is_told_at_once(sandbox: Sandbox, site: Cluster) -> None:
    site.kubectl("set", "image", "deployment/boutique", "nginx=introuvable/nginx", IN_TEAM)
    site.kubectl("set", "image", "deployment/boutique", "nginx=nginx:1.27", IN_TEAM)
    result = await run(sandbox, "rollout undo deployment/boutique")
    seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert "n'y arrive pas : `ImagePullBackOff`" in seen["fr"]


async def test_a_pause_is_taken_back_and_so_is_that(sandbox: Sandbox, site: Cluster) -> None:
    paused = await run(sandbox, "rollout pause deployment/boutique")
    assert paused.changes[0].told["fr"] == "`deployment.apps/boutique` : mises à jour suspendues"
    assert not asks_first(paused.changes)
    resumed = await sandbox.undo(paused.changes, TRAINER)
    assert resumed.line == f"kubectl rollout resume deployment.apps/boutique -n {BLEUE}"
    assert resumed.stdout == "deployment.apps/boutique resumed\n"
    again = await sandbox.undo(resumed.changes, TRAINER)
    assert again.stdout == "deployment.apps/boutique paused\n"
    site.kubectl("rollout", "resume", "deployment/boutique", IN_TEAM)
    with pytest.raises(NotAllowed, match="was changed since"):
        await sandbox.undo(again.changes, TRAINER)


async def test_a_restart_twice_within_a_second_is_refused_as_kubectl_does(sandbox: Sandbox, site: Cluster) -> None:
    said = [await ask_sandbox(sandbox, "rollout restart deployment/boutique", BLEUE) for _ in range(4)]
    assert any(
        one.stderr.startswith("error: failed to create patch for boutique: if restart has already been triggered")
        for one in said
    )
