"""What a person is told that they may do is what the bot will really do for them, on the real API server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.errors import NotAllowed
from bot.playground.controlplane import Cluster
from bot.sandbox import Person, Result, Sandbox
from tests.cluster import READ_ONLY, RELEASE, TEAMS
from tests.sandbox.conftest import STUDENT, TRAINER

pytestmark = pytest.mark.cluster
ROUGE, BLEUE = TEAMS


@pytest.fixture(params=["sandbox_cluster", "older_cluster"], ids=["constrained", "legacy"], scope="module")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """With more than the chart gives to trainers: Secrets."""
    cluster: Cluster = request.getfixturevalue(request.param)
    role, where = "beyond-the-table", f"--namespace={ROUGE}"
    cluster.kubectl("create", "role", role, "--verb=get,list", "--resource=secrets", where)
    cluster.kubectl("create", "rolebinding", role, f"--role={role}", "--group=timonier:trainers", where)
    yield cluster
    cluster.kubectl("delete", "role,rolebinding", role, where)


@pytest.fixture
async def sandbox(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Sandbox]:
    token = cluster.service_account_token(RELEASE, "timonier")
    kubeconfig = cluster.write_kubeconfig(tmp_path / "kubeconfig", token=token)
    async with Sandbox.open(kubeconfig, TEAMS, [READ_ONLY]) as sandbox:
        yield sandbox


async def run(sandbox: Sandbox, line: str, person: Person) -> Result:
    return await sandbox.run(await sandbox.parse(line), person, ROUGE)


@pytest.mark.parametrize(
    ("line", "student", "trainer"),
    [
        ("get pods", "yes", "yes"),
        ("get pods --subresource=log", "yes", "yes"),
        ("get pods -n kube-system", "yes", "yes"),
        ("get pods --subresource=log -n kube-system", "no", "no"),
        (f"get pods -n {BLEUE}", "no", "yes"),
        ("get pods -n default", "no", "no"),
        ("patch deployments --subresource=scale", "no", "yes"),
        ("create services", "no", "yes"),
        ("create pods --subresource=exec", "no", "no"),
        ("get nodes", "yes", "yes"),
    ],
)
async def test_can_i_answers_for_the_persons_role(sandbox: Sandbox, line: str, student: str, trainer: str) -> None:
    for person, answer in ((STUDENT, student), (TRAINER, trainer)):
        result = await run(sandbox, f"auth can-i {line}", person)
        assert (result.stdout, result.status) == (f"{answer}\n", 0 if answer == "yes" else 1)


async def test_what_the_bot_may_not_do_for_a_role_is_not_promised(sandbox: Sandbox, cluster: Cluster) -> None:
    """Only where impersonation is constrained can the bot do less than the role."""
    constrained = "impersonate-on:" in cluster.kubectl("get", "clusterroles", "--output=yaml")
    result = await run(sandbox, "auth can-i get secrets", TRAINER)
    assert result.stdout == ("no\n" if constrained else "yes\n")


async def test_who_am_i_is_the_role_the_team_and_the_slack_user(sandbox: Sandbox) -> None:
    printed = (await run(sandbox, "auth whoami", STUDENT)).stdout
    assert "timonier:student\n" in printed
    assert f"[timonier:students:{ROUGE} system:authenticated]" in printed
    assert f"[{STUDENT.user_id}]" in printed


async def test_can_tells_what_is_open_here_and_what_is_left(sandbox: Sandbox) -> None:
    student, trainer = [await run(sandbox, "can", person) for person in (STUDENT, TRAINER)]
    assert student.explanation is not None
    assert trainer.explanation is not None
    told = student.explanation["fr"]
    assert "• `get` : `pods`" in told
    assert "• `logs` : `pods`" in told
    assert "• `auth whoami`" in told
    assert "• `scale`" not in told
    assert "Réservé aux formateurs : `create deployment`, `scale`" in told
    assert f"`{READ_ONLY}`" in told
    assert BLEUE not in told
    assert "• `scale` : `deployments`" in trainer.explanation["fr"]
    assert student.line == ""
    header, *rows = student.stdout.splitlines()
    assert header.split() == ["RESOURCE", "USED", "HARD", "LEFT"]
    pods = next(row.split() for row in rows if row.startswith("pods "))
    assert int(pods[1]) + int(pods[3]) == int(pods[2])


async def test_can_elsewhere_tells_what_is_open_there(sandbox: Sandbox) -> None:
    told = (await run(sandbox, "can -n kube-system", STUDENT)).explanation
    assert told is not None
    assert "• `get` : `pods`" in told["fr"]
    assert "• `logs`" not in told["fr"]
    with pytest.raises(NotAllowed):
        await run(sandbox, f"can -n {BLEUE}", STUDENT)


async def test_a_right_that_was_withdrawn_is_not_told_any_more(sandbox: Sandbox, cluster: Cluster) -> None:
    where = f"--namespace={ROUGE}"
    kept = cluster.kubectl("get", "rolebinding", "timonier:student", where, "--output=yaml")
    cluster.kubectl("delete", "rolebinding", "timonier:student", where)
    try:
        told = (await run(sandbox, "can", STUDENT)).explanation
    finally:
        cluster.kubectl("create", "--filename=-", stdin=kept)
    assert told is not None
    assert "• `logs`" not in told["fr"]
    assert "• `get` : `nodes`" in told["fr"]
