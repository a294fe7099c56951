"""Every verb on every resource of the API server, asked with the bot's token: its answer is the table's, no more."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.playground.controlplane import Cluster
from bot.sandbox.person import Role
from bot.sandbox.table import Right, Scope, rights
from tests.api import OF_EVERYONE, TRAINER, Api, Headers, acting_as, bot_api, student
from tests.cluster import READ_ONLY, RELEASE, TEAMS, install_chart

pytestmark = pytest.mark.cluster
OWN, OTHER = TEAMS
HEADERS = {"student": student(OWN), "trainer": TRAINER}
NAMESPACES = "/api/v1/namespaces"


@pytest.fixture(params=["constrained", "legacy"], scope="module")
def impersonation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest, impersonation: str) -> Cluster:
    found: Cluster = request.getfixturevalue("sandbox_cluster" if impersonation == "constrained" else "older_cluster")
    return found


@pytest.fixture
def students_write(cluster: Cluster, impersonation: str) -> Iterator[None]:
    """In their own namespace, and the other team's do not in theirs."""
    install_chart(cluster, f"impersonation={impersonation}", f"sandbox.studentsWrite={{{OWN}}}")
    yield
    install_chart(cluster, f"impersonation={impersonation}")


@pytest.fixture
async def api(cluster: Cluster) -> AsyncIterator[Api]:
    async with bot_api(cluster) as api:
        yield api


async def allowed(api: Api, headers: Headers | None, namespace: str | None) -> set[Right]:
    """The rights that the API server grants in a namespace, or (None) outside of them all."""
    cells = [cell for cell in await api.cells() if cell.namespaced == (namespace is not None)]
    answers = await asyncio.gather(*(api.allows(cell, namespace or "", headers) for cell in cells))
    return {cell.right for cell, answer in zip(cells, answers, strict=True) if answer}


async def test_the_server_is_asked_about_all_that_it_has(api: Api) -> None:
    asked = {cell.right for cell in await api.cells()}
    assert {
        Right("get", "", "secrets"),
        Right("create", "", "pods", "exec"),
        Right("deletecollection", "", "pods"),
    } < asked
    assert len(asked) > 500


async def of_the_table(api: Api, role: Role, scope: Scope) -> set[Right]:
    """What of the table this server has to give; it measures nothing, and its own reviews are everybody's."""
    asked = {cell.right for cell in await api.cells()}
    table = set(rights(role, scope))
    assert {right.group for right in table - asked} <= {"metrics.k8s.io", *(right.group for right in OF_EVERYONE)}
    return table & asked


@pytest.mark.parametrize(
    ("role", "namespace", "scope"),
    [
        ("student", OWN, "sandbox"),
        ("student", OTHER, None),
        ("student", READ_ONLY, "read-only"),
        ("student", RELEASE, None),
        ("trainer", OWN, "sandbox"),
        ("trainer", OTHER, "sandbox"),
        ("trainer", READ_ONLY, "read-only"),
        ("trainer", RELEASE, None),
    ],
)
async def test_a_role_has_the_tables_rights_in_a_namespace_and_no_other(
    api: Api, role: Role, namespace: str, scope: Scope | None
) -> None:
    assert await allowed(api, HEADERS[role], namespace) == (await of_the_table(api, role, scope) if scope else set())


@pytest.mark.usefixtures("students_write")
async def test_where_a_value_says_so_a_teams_students_have_a_trainers_rights_and_nowhere_else(api: Api) -> None:
    assert await allowed(api, HEADERS["student"], OWN) == await of_the_table(api, "trainer", "sandbox")
    assert await allowed(api, HEADERS["student"], READ_ONLY) == await of_the_table(api, "student", "read-only")
    for headers, namespace in ((HEADERS["student"], OTHER), (student(OTHER), OWN), (HEADERS["student"], RELEASE)):
        assert await allowed(api, headers, namespace) == set()
    assert await allowed(api, student(OTHER), OTHER) == await of_the_table(api, "student", "sandbox")
    assert await allowed(api, None, OWN) == set()


@pytest.mark.parametrize("role", ["student", "trainer"])
async def test_outside_of_namespaces_a_role_has_the_tables_rights_except_on_namespaces_in_general(
    api: Api, role: Role
) -> None:
    expected = {right for right in await of_the_table(api, role, "cluster") if right.resource != "namespaces"}
    assert await allowed(api, HEADERS[role], None) == expected


@pytest.mark.parametrize(
    ("role", "seen"), [("student", {OWN, READ_ONLY}), ("trainer", {*TEAMS, READ_ONLY})], ids=["student", "trainer"]
)
async def test_a_role_sees_the_namespaces_that_are_its_own_one_by_one(api: Api, role: Role, seen: set[str]) -> None:
    for name in (*TEAMS, READ_ONLY, RELEASE, "default"):
        expected = 200 if name in seen else 403
        got = await api.ask("GET", f"{NAMESPACES}/{name}", HEADERS[role])
        listed = await api.ask("GET", f"{NAMESPACES}?fieldSelector=metadata.name%3D{name}", HEADERS[role])
        assert (name, got.status, listed.status) == (name, expected, expected)


@pytest.mark.parametrize("namespace", [OWN, READ_ONLY, RELEASE, None])
async def test_the_bots_bare_token_may_do_nothing(api: Api, namespace: str | None) -> None:
    assert await allowed(api, None, namespace) == set()


@pytest.mark.parametrize(
    "headers",
    [
        acting_as("timonier:trainer", "system:masters"),
        acting_as("timonier:trainer", "timonier:trainers", "system:masters"),
        acting_as("timonier:trainer", "timonier:students:kube-system"),
        acting_as("system:admin"),
        acting_as("system:serviceaccount:kube-system:deployment-controller"),
        acting_as("kubernetes-admin", "timonier:trainers"),
        acting_as("timonier:trainer", "timonier:trainers", extra="scopes"),
        [*TRAINER, ("Impersonate-Uid", "0")],
        acting_as("timonier:trainer"),
    ],
    ids=lambda headers: " ".join(value for _, value in headers),
)
async def test_a_forged_identity_is_refused(api: Api, headers: Headers) -> None:
    for resource in ("pods", "secrets"):
        assert (await api.ask("GET", f"{NAMESPACES}/{OWN}/{resource}", headers)).status == 403


async def test_whoever_proposed_it_is_named_beside_whoever_runs_it(api: Api) -> None:
    headers = [*TRAINER, ("Impersonate-Extra-timonier.dev%2Fproposed-by", "U0STUDENT")]
    answer = await api.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", headers)
    status: Any = answer.body["status"]
    assert status["userInfo"]["extra"] == {
        "timonier.dev/proposed-by": ["U0STUDENT"],
        "timonier.dev/slack-user-id": ["U0SOMEBODY"],
    }
    assert (await api.ask("GET", f"{NAMESPACES}/{OWN}/pods", headers)).status == 200


async def test_a_header_less_request_beside_a_good_one_still_fails(api: Api) -> None:
    path = f"{NAMESPACES}/{OWN}/pods"
    good, bare = await asyncio.gather(api.ask("GET", path, TRAINER), api.ask("GET", path))
    assert (good.status, bare.status) == (200, 403)


async def test_on_an_older_server_constrained_rules_fail_closed(older_cluster: Cluster) -> None:
    install_chart(older_cluster, "impersonation=constrained")
    try:
        async with bot_api(older_cluster) as api:
            assert (await api.ask("GET", f"{NAMESPACES}/{OWN}/pods", TRAINER)).status == 403
    finally:
        install_chart(older_cluster, "impersonation=legacy")
