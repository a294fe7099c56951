"""What nobody should get through with: whatever is typed leads to requests inside the table, or to a refusal in words.

The API server is a fake that has every dangerous type and answers every request, so that nothing but the bot says no.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.helpdesk import Outcome
from bot.language import LANGS
from bot.sandbox import Person, Sandbox
from bot.sandbox.table import VERBS, Right, Scope, rights
from bot.sandbox.table.rows import Flag, Kind, Verb
from bot.slack.blocks import Message, build_refusal
from bot.slack.outcomes import build_outcome
from tests.cluster import READ_ONLY, TEAMS
from tests.sandbox.conftest import STUDENT, TRAINER
from tests.sandbox.fake_api import COLUMNS, FakeApi, fake_api, group, resource

INPUTS = yaml.safe_load((Path(__file__).parent / "hostile.yaml").read_text())
LONG = "x" * 3000
MARKUP = "<!channel> <@U0TRAINER> ``` <http://x.example|lien>"
VISIBLE = {(person.user_id, name) for person in (STUDENT, TRAINER) for name in (*person.namespaces, READ_ONLY)}
OPEN = re.compile(r"/(api|apis|version|openapi/v3/[a-z0-9./]+)")
REVIEW = re.compile(r"/apis/(authentication|authorization)\.k8s\.io/v1/selfsubject(access|rules)?reviews")
OBJECT = re.compile(
    r"/(?:api|apis/(?P<group>[a-z0-9.]+))/v[a-z0-9]+(?:/namespaces/(?P<namespace>[a-z0-9-]+)(?=/))?"
    r"/(?P<resource>[a-z]+)(?:/(?P<name>[a-z0-9.-]+))?(?:/(?P<subresource>[a-z]+))?"
)
KINDS = (
    "ConfigMap",
    "ControllerRevision",
    "CronJob",
    "DaemonSet",
    "Endpoints",
    "EndpointSlice",
    "LimitRange",
    "Ingress",
    "HorizontalPodAutoscaler",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "ServiceAccount",
    "StatefulSet",
)
METHODS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def lines(ends: str) -> Iterator[str]:
    for one in INPUTS:
        if one["ends"] == ends:
            values = [str(value).replace("{long}", LONG) for value in one["values"]]
            yield from (form.replace("{}", value) for form in one["forms"] for value in values)


def kind_of(plural: str) -> str:
    names = (
        kind
        for kind in KINDS
        if plural in (kind.lower(), f"{kind.lower()}s", f"{kind.lower()}es", f"{kind[:-1].lower()}ies")
    )
    return next(names, plural[:-1].capitalize())


def all_types() -> dict[str, list[Any]]:
    """By group: what the table has, and what nobody may reach."""
    kinds = {kind for verb in VERBS.values() for of in verb.kinds.values() for kind in of}
    kinds |= {Kind("secrets"), Kind("serviceaccounts"), Kind("roles", "rbac.authorization.k8s.io")}
    cluster = {Kind("nodes"), Kind("namespaces"), Kind("nodes", "metrics.k8s.io")}
    types: dict[str, list[Any]] = {}
    for kind in sorted(kinds):
        one = resource(kind.resource, kind_of(kind.resource), namespaced=kind not in cluster, categories=("all",))
        types.setdefault(kind.group, []).append(one)
    return types


def only(request: web.Request) -> str:
    """The one name that a list may hold."""
    first, _, _ = request.query.get("fieldSelector", "").partition(",")
    return first.removeprefix("metadata.name=") if first.startswith("metadata.name=") else ""


async def answer(request: web.Request) -> web.Response:
    """The thing that was asked for, with markup wherever text may be."""
    path = OBJECT.fullmatch(request.path)
    name = (path and path["name"]) or only(request) or "web"
    if request.method == "POST" and "review" in request.path:
        user = {"username": "u", "groups": ["g"]}
        return web.json_response({"status": {"allowed": True, "userInfo": user, "resourceRules": []}})
    if request.path.endswith("/log"):
        return web.Response(text=f"{MARKUP}\n")
    labels = {"app": "web", "note": MARKUP}
    metadata = {"name": name, "namespace": TEAMS[0], "uid": "u-1", "resourceVersion": "1", "generation": 1}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "nginx"}]}}
    found = {
        "apiVersion": f"{path['group']}/v1" if path and path["group"] else "v1",
        "kind": kind_of(path["resource"]) if path else "",
        "metadata": {**metadata, "labels": labels, "annotations": {"note": MARKUP}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template,
            "jobTemplate": {"metadata": {}, "spec": {"template": template}},
            "scaleTargetRef": {"kind": "Deployment", "name": "web"},
            "maxReplicas": 5,
            "containers": [{"name": "web", "image": "nginx", "ports": [{"containerPort": 80}]}],
        },
        "status": {"phase": "Running"},
    }
    if "as=Table" in request.headers.get("Accept", ""):
        rows = [{"cells": [name, MARKUP], "object": found}]
        return web.json_response({"kind": "Table", "metadata": {}, "columnDefinitions": COLUMNS, "rows": rows})
    if path and not path["name"] and request.method == "GET":
        return web.json_response({"kind": "List", "metadata": {}, "items": [found]})
    return web.json_response(found)


@pytest.fixture
async def fake() -> AsyncIterator[FakeApi]:
    async with fake_api() as fake:
        types = all_types()
        fake.core = types.pop("")
        fake.groups = [group(name, resources, "v1") for name, resources in types.items()]
        fake.otherwise = answer
        yield fake


@pytest.fixture
async def sandbox(fake: FakeApi, tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.open(fake.kubeconfig(tmp_path), TEAMS, [READ_ONLY]) as sandbox:
        yield sandbox


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one person's line led to."""

    messages: Sequence[Message]
    requests: Sequence[web.Request]
    refused: bool


async def attempt(fake: FakeApi, sandbox: Sandbox, line: str, person: Person) -> Attempt:
    fake.requests.clear()
    try:
        result = await sandbox.run(await sandbox.parse(line), person, TEAMS[0])
    except BotError as error:
        messages = [build_refusal(error.text[lang], linked=error.linked) for lang in LANGS]
        return Attempt(messages, [*fake.requests], refused=True)
    messages = [build_outcome(Outcome(result), lang, public=True) for lang in LANGS]
    return Attempt(messages, [*fake.requests], refused=False)


def check(attempt: Attempt, person: Person) -> None:
    """Every request is inside the table and the person's namespaces, and nothing that Slack gets does anything."""
    for request in attempt.requests:
        assert allowed(request, person), f"{request.method} {request.raw_path} {dict(request.headers)}"
    for message in attempt.messages:
        for text in texts(message):
            assert not re.search(r"<[^>]*|>", text), text
            assert text.count("```") in (0, 2), text


def texts(message: Message) -> Iterator[str]:
    """All that Slack reads as markup."""
    yield message.text
    for block in message.blocks:
        parts = [block.get("text"), *block.get("elements", ())]
        yield from (part["text"] for part in parts if part and part.get("type") == "mrkdwn")


def allowed(request: web.Request, person: Person) -> bool:
    path = request.raw_path.partition("?")[0]
    headers = request.headers
    if "Impersonate-User" not in headers:
        own = request.method == "GET" and OPEN.fullmatch(path)
        return bool(own or (request.method == "POST" and REVIEW.fullmatch(path)))
    groups = ["timonier:trainers"] if person.role == "trainer" else [f"timonier:students:{person.namespaces[0]}"]
    acting = headers.getall("Impersonate-User") == [f"timonier:{person.role}"]
    acting = acting and headers.getall("Impersonate-Group") == groups
    acting = acting and headers.getall("Impersonate-Extra-timonier.dev%2Fslack-user-id") == [person.user_id]
    found = OBJECT.fullmatch(path)
    return bool(acting and found and "watch" not in request.query and within(found, request, person))


def within(path: re.Match[str], request: web.Request, person: Person) -> bool:
    """Whether the table gives this person the right there."""
    verb = METHODS.get(request.method) or ("get" if path["name"] else "list")
    right = Right(verb, path["group"] or "", path["resource"], path["subresource"] or "")
    if (path["group"], path["resource"]) == (None, "namespaces") and path["namespace"] is None:
        return right in rights(person.role, "cluster") and (person.user_id, path["name"] or only(request)) in VISIBLE
    scope: Scope | None = "cluster"
    if namespace := path["namespace"]:
        scope = "sandbox" if namespace in person.namespaces else "read-only" if namespace == READ_ONLY else None
    return scope is not None and right in rights(person.role, scope)


async def test_what_reaches_for_more_is_refused_before_any_request(fake: FakeApi, sandbox: Sandbox) -> None:
    for line in lines("refused"):
        for person in (STUDENT, TRAINER):
            tried = await attempt(fake, sandbox, line, person)
            assert tried.refused, line
            assert {request.path for request in tried.requests} <= {"/api", "/apis"}, line
            check(tried, person)


async def test_what_is_only_strange_stays_inside_the_table_and_does_nothing_in_slack(
    fake: FakeApi, sandbox: Sandbox
) -> None:
    for line in lines("bounded"):
        for person in (STUDENT, TRAINER):
            check(await attempt(fake, sandbox, line, person), person)


def test_the_table_of_hostile_inputs_is_long() -> None:
    assert len({*lines("refused"), *lines("bounded")}) >= 500


NAMES = st.sampled_from(["web", "api-7d4b9", READ_ONLY, *TEAMS, "..", "web/log", "default"])
JUNK = st.sampled_from(
    ["..", "--", "-", "'", "<!here>", "&lt;@U1&gt;", "--as=x", "-f", "secrets", "pods,secrets", "\0"]
)
TYPES = st.sampled_from(
    sorted(
        {str(kind) for verb in VERBS.values() for kinds in verb.kinds.values() for kind in kinds} | {"all", "secret"}
    )
)
VALUES = st.sampled_from(
    ["web", "app=web", "3", "80", "wide", "yaml", "json", "jsonpath={..*}", "1h", "*=nginx", MARKUP]
)


def flag_of(flag: Flag) -> st.SearchStrategy[str]:
    names = [f"--{flag.name}", *([f"-{flag.short}"] if flag.short else [])]
    if not flag.value:
        return st.sampled_from([*names, f"--{flag.name}=false"])
    some = st.one_of(
        NAMES, VALUES, *([st.sampled_from(flag.values + flag.choices)] if flag.values + flag.choices else [])
    )
    return st.builds(
        lambda name, sign, value: f"{name}{sign}'{value}'", st.sampled_from(names), st.sampled_from("= "), some
    )


def line_of(verb: Verb) -> st.SearchStrategy[str]:
    """As its usage has it, mostly: types and names, some of its flags, something strange somewhere."""
    named = st.builds("{}/{}".format, TYPES, NAMES)
    words = st.one_of(
        st.builds("{} {}".format, TYPES, NAMES), named, TYPES, NAMES, st.builds("{} {}".format, named, VALUES)
    )
    flags = st.lists(st.one_of([flag_of(flag) for flag in verb.flags] or [JUNK]), max_size=3)
    strange = st.one_of(st.just(""), st.just(""), JUNK, st.text(max_size=8))
    order = st.permutations(range(4))

    def build(words: str, flags: list[str], strange: str, order: Sequence[int]) -> str:
        parts = [verb.name, words, " ".join(flags), strange]
        return " ".join(parts if order[0] else [parts[place] for place in order])

    return st.builds(build, words, flags, strange, order)


LINES = st.one_of([line_of(verb) for verb in VERBS.values()])


async def try_any(fake: FakeApi, sandbox: Sandbox, line: str) -> None:
    for person in (STUDENT, TRAINER):
        check(await attempt(fake, sandbox, line, person), person)


def tries(count: int) -> settings:
    """The same ones each time."""
    shared = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, derandomize=True, deadline=None, database=None, suppress_health_check=shared)


@tries(500)
@given(line=LINES)
async def test_whatever_is_made_of_our_own_words_stays_inside_the_table(
    fake: FakeApi, sandbox: Sandbox, line: str
) -> None:
    await try_any(fake, sandbox, line)


@pytest.mark.slow
@tries(5_000)
@given(line=LINES)
async def test_so_it_does_in_many_more_tries(fake: FakeApi, sandbox: Sandbox, line: str) -> None:
    await try_any(fake, sandbox, line)
