"""Students write where the chart's value and TIMONIER_CONFIG say so, and nowhere else; the API server decides."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.errors import NotAllowed
from bot.playground.controlplane import Cluster
from bot.sandbox import Person, Result, Sandbox, help_text
from tests.cluster import READ_ONLY, TEAMS, install_chart

pytestmark = pytest.mark.cluster
ROUGE, BLEUE = TEAMS
MALIK, CAMILLE = Person("U0MALIK", "student", (BLEUE,)), Person("U0CAMILLE", "student", (ROUGE,))
OF_BOTH = Person("U0BOTH", "student", (ROUGE, BLEUE))


@pytest.fixture(scope="module")
def cluster(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    """Where the blue team's students write."""
    install_chart(sandbox_cluster, f"sandbox.studentsWrite={{{BLEUE}}}")
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", "deployments,services", "--selector=app!=demonstration", f"--namespace={BLEUE}")
    install_chart(sandbox_cluster)


@pytest.fixture
async def sandbox(cluster: Cluster, bot_kubeconfig: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.open(bot_kubeconfig, TEAMS, [READ_ONLY], [BLEUE]) as sandbox:
        yield sandbox


async def run(sandbox: Sandbox, line: str, person: Person, namespace: str | None = None) -> Result:
    return await sandbox.run(await sandbox.parse(line), person, namespace)


async def test_a_student_does_there_what_a_trainer_may_do(sandbox: Sandbox) -> None:
    for line, said in (
        ("create deployment atelier --image=nginx", "deployment.apps/atelier created\n"),
        ("scale deployment atelier --replicas=2", "deployment.apps/atelier scaled\n"),
        ("set image deployment/atelier nginx=nginx:1.27", "deployment.apps/atelier image updated\n"),
        ("rollout pause deployment/atelier", "deployment.apps/atelier paused\n"),
        ("label deployment atelier tier=front", "deployment.apps/atelier labeled\n"),
        ("expose deployment atelier --port=80", "service/atelier exposed\n"),
    ):
        result = await run(sandbox, line, MALIK)
        assert (result.stdout, result.status) == (said, 0)
        assert (await sandbox.undo(result.changes, MALIK)).status == 0 if "create" not in line else True
    result = await run(sandbox, "delete deployment atelier", MALIK)
    assert result.stdout == f'deployment.apps "atelier" deleted from {BLEUE} namespace\n'


@pytest.mark.parametrize(
    ("person", "namespace", "why"),
    [
        (CAMILLE, ROUGE, "c'est réservé aux formateurs. Demandez"),
        (CAMILLE, BLEUE, "c'est réservé aux formateurs. Demandez"),
        (OF_BOTH, ROUGE, f"là, c'est réservé aux formateurs. Vous pouvez le faire dans : `{BLEUE}`"),
        (MALIK, ROUGE, "ce namespace est à ses étudiants et aux formateurs"),
        (MALIK, READ_ONLY, "en lecture seule pour tous"),
        (MALIK, "default", "le bot ne va dans ce namespace pour personne"),
    ],
)
async def test_elsewhere_a_student_is_told_why_not(sandbox: Sandbox, person: Person, namespace: str, why: str) -> None:
    for line in (
        "delete deployment demonstration",
        "create deployment x --image=nginx",
        "rollout restart deployment/demonstration",
    ):
        with pytest.raises(NotAllowed) as refused:
            await sandbox.preview(await sandbox.parse(line), person, namespace)
        assert why in refused.value.text["fr"]


async def test_the_brake_stays_the_trainers(sandbox: Sandbox) -> None:
    with pytest.raises(NotAllowed, match="trainers only"):
        await run(sandbox, "freeze", MALIK)


async def test_can_and_help_say_so(sandbox: Sandbox) -> None:
    told = {person: (await run(sandbox, "can", person)).explanation for person in (MALIK, CAMILLE)}
    assert "• `delete` : `pods`" in str(told[MALIK])
    assert "• `delete`" not in str(told[CAMILLE])
    assert f"(formateurs ; étudiants dans `{BLEUE}`)" in help_text("fr", "delete", [BLEUE])
    assert str((await run(sandbox, "help delete", MALIK)).explanation).count(BLEUE)


async def test_where_only_the_bots_configuration_says_so_the_api_server_refuses(
    cluster: Cluster, bot_kubeconfig: Path
) -> None:
    async with Sandbox.open(bot_kubeconfig, TEAMS, [READ_ONLY], [ROUGE]) as sandbox:
        for line in ("delete deployment demonstration", "create deployment x --image=nginx"):
            result = await sandbox.preview(await sandbox.parse(line), CAMILLE, ROUGE)
            assert (result.changes, result.status) == ((), 1)
            assert result.explanation
            assert "le cluster le refuse. Un formateur en a peut-être le droit." in result.explanation["fr"]
