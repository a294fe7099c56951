"""The sandbox on the real API server, with the chart's rights: who sees what, and how a refusal is told."""

import json
from pathlib import Path

import pytest

from bot.errors import NotAllowed
from bot.playground.controlplane import Cluster
from bot.sandbox import Person, Result, Sandbox
from bot.sandbox.api import Refused, connect
from bot.sandbox.redaction import MASK
from tests.cluster import READ_ONLY, TEAMS
from tests.sandbox.conftest import STUDENT, TRAINER

pytestmark = pytest.mark.cluster
ROUGE, BLEUE = TEAMS


async def run(sandbox: Sandbox, line: str, person: Person, namespace: str | None = None) -> Result:
    return await sandbox.run(await sandbox.parse(line), person, namespace)


def column(result: Result, place: int = 0) -> list[str]:
    return [line.split()[place] for line in result.stdout.splitlines()[1:] if line]


async def test_all_namespaces_are_those_that_the_person_may_see(sandbox: Sandbox) -> None:
    assert set(column(await run(sandbox, "get deploy -A", STUDENT))) == {ROUGE}
    assert set(column(await run(sandbox, "get deploy -A", TRAINER))) == {ROUGE, BLEUE}


async def test_all_namespaces_are_one_table_in_order(sandbox: Sandbox) -> None:
    result = await run(sandbox, "get rs,deploy -A -o wide", TRAINER)
    first, second = result.stdout.split("\n\n")
    for table, kind in ((first, "replicaset.apps/"), (second, "deployment.apps/")):
        header, *rows = table.splitlines()
        assert header.startswith("NAMESPACE      NAME ")
        assert [row.split()[0] for row in rows] == sorted(row.split()[0] for row in rows)
        assert all(row.split()[1].startswith(kind) for row in rows)


async def test_namespaces_are_the_ones_that_the_person_may_see(sandbox: Sandbox) -> None:
    assert column(await run(sandbox, "get namespaces", STUDENT)) == [ROUGE, READ_ONLY]
    assert column(await run(sandbox, "get ns", TRAINER)) == [BLEUE, ROUGE, READ_ONLY]
    names = (await run(sandbox, "get ns -o name", STUDENT)).stdout
    assert names == f"namespace/{ROUGE}\nnamespace/{READ_ONLY}\n"


@pytest.mark.parametrize(
    "line",
    [
        "get nodes",
        "get pods -n kube-system",
        "get all -n kube-system",
        "get all -A",
        "get ns kube-system",
        "describe node",
        "describe namespace/kube-system",
        "get deployment demonstration -o jsonpath='{.spec.replicas}'",
    ],
)
@pytest.mark.parametrize("person", [STUDENT, TRAINER], ids=["student", "trainer"])
async def test_everyone_reads_what_the_course_reads(sandbox: Sandbox, line: str, person: Person) -> None:
    assert (await run(sandbox, line, person)).status == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"get pods -n {BLEUE}", ROUGE),
        (f"get deployment demonstration -n {BLEUE}", ROUGE),
        ("get configmaps -n kube-system", "`pods`"),
        ("get pods -n default", READ_ONLY),
        (f"get namespace {BLEUE}", ROUGE),
        (f"describe namespace {BLEUE}", ROUGE),
        (f"describe deployment demonstration -n {BLEUE}", ROUGE),
        ("describe configmaps -n kube-system", "`pods`"),
        ("scale deployment demonstration --replicas=1", "formateurs"),
        ("expose deployment demonstration --port=80", "formateurs"),
    ],
)
async def test_a_refusal_says_what_is_allowed_instead(sandbox: Sandbox, line: str, told: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        await run(sandbox, line, STUDENT, ROUGE)
    assert told in refused.value.text["fr"]


async def test_a_trainer_writes_nothing_outside_the_sandbox(sandbox: Sandbox) -> None:
    with pytest.raises(NotAllowed) as refused:
        await run(sandbox, "scale deployment coredns --replicas=0 -n kube-system", TRAINER)
    assert "lecture seule" in refused.value.text["fr"]


@pytest.mark.parametrize(
    ("person", "namespace", "path"),
    [
        (STUDENT, ROUGE, f"/api/v1/namespaces/{BLEUE}/pods"),
        (STUDENT, ROUGE, "/api/v1/pods"),
        (STUDENT, ROUGE, f"/api/v1/namespaces/{ROUGE}/secrets"),
        (TRAINER, ROUGE, f"/api/v1/namespaces/{ROUGE}/secrets"),
        (TRAINER, ROUGE, "/api/v1/namespaces/default/pods"),
        (TRAINER, ROUGE, f"/api/v1/namespaces/{READ_ONLY}/configmaps"),
    ],
)
async def test_the_api_server_refuses_by_itself_what_the_bot_would(
    bot_kubeconfig: Path, person: Person, namespace: str, path: str
) -> None:
    async with connect(bot_kubeconfig) as api:
        with pytest.raises(Refused) as refused:
            await api.send(person, namespace, "GET", path)
    assert refused.value.reason == "Forbidden"


async def test_a_refusal_of_the_api_server_is_explained_without_its_words(bot_kubeconfig: Path) -> None:
    async with Sandbox.open(bot_kubeconfig, [*TEAMS, "default"], []) as sandbox:
        result = await run(sandbox, "get pods -n default", Person("U0", "trainer", (*TEAMS, "default")))
    assert result.status == 1
    assert result.stderr.startswith("Error from server (Forbidden): ")
    assert result.explanation is not None
    assert "serviceaccount" not in result.explanation["fr"]
    assert "`default`" in result.explanation["fr"]


async def test_a_name_that_is_not_there_is_answered_with_the_nearest(sandbox: Sandbox) -> None:
    result = await run(sandbox, "get deployment demonstation", STUDENT)
    assert result.explanation is not None
    assert "`demonstration`" in result.explanation["fr"]


async def test_the_policies_own_sentence_is_told_in_the_askers_language(sandbox: Sandbox) -> None:
    result = await run(sandbox, "scale deployment demonstration --replicas=11", TRAINER, ROUGE)
    assert result.explanation is not None
    assert "10 réplicas au plus" in result.explanation["fr"]
    assert "at most" not in result.explanation["fr"]
    assert "at most 10 replicas" in result.explanation["en"]


async def test_a_name_that_is_taken_costs_no_quota(sandbox: Sandbox, sandbox_cluster: Cluster) -> None:
    def used() -> object:
        quotas = json.loads(sandbox_cluster.kubectl("get", "resourcequotas", f"--namespace={BLEUE}", "--output=json"))
        return [quota["status"]["used"] for quota in quotas["items"]]

    line = f"expose deployment demonstration --port=80 --type=NodePort --name=prise -n {BLEUE}"
    assert (await run(sandbox, line, TRAINER)).status == 0
    before = used()
    for _ in range(3):
        result = await run(sandbox, line, TRAINER)
        assert result.explanation is not None
        assert "--name=" in result.explanation["fr"]
    assert used() == before
    sandbox_cluster.kubectl("delete", "service", "prise", f"--namespace={BLEUE}")


@pytest.mark.parametrize(
    "line",
    [
        "get deployment demonstration -o yaml",
        "get deployment demonstration -o json",
        "get deployment demonstration -o jsonpath='{..env[*].value}'",
        "get deployments -o custom-columns=A:{..value}",
        "describe deployment demonstration",
    ],
)
async def test_no_credential_of_an_object_is_printed(sandbox: Sandbox, sandbox_cluster: Cluster, line: str) -> None:
    sandbox_cluster.kubectl("set", "env", "deployment/demonstration", "DB_PASSWORD=hunter2", f"--namespace={BLEUE}")
    try:
        result = await run(sandbox, f"{line} -n {BLEUE}", TRAINER)
    finally:
        sandbox_cluster.kubectl("set", "env", "deployment/demonstration", "DB_PASSWORD-", f"--namespace={BLEUE}")
    assert "hunter2" not in result.stdout
    assert MASK in result.stdout


async def test_the_line_that_is_shown_can_be_pasted(sandbox: Sandbox) -> None:
    result = await run(sandbox, "get pods -l 'app in (demonstration)'", STUDENT)
    assert result.line == f"kubectl get pods -n {ROUGE} -l 'app in (demonstration)'"
    assert (await run(sandbox, "get nodes", STUDENT)).line == "kubectl get nodes"


async def test_ready_is_true_of_a_real_api_server(sandbox: Sandbox) -> None:
    await sandbox.ready()
