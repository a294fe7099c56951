"""Events, and what the API server says of itself: on a small API server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError, NotAllowed
from bot.sandbox import Person, Result, Sandbox
from bot.sandbox.openapi import wrap
from bot.sandbox.redaction import MASK
from tests.sandbox.fake_api import FakeApi, fake_api, json_of

STUDENT = Person("U0", "student", ("equipe-rouge",))
EVENTS = "/api/v1/namespaces/{}/events"


def event(name: str, last: str, message: str = "hello", namespace: str = "equipe-rouge") -> dict[str, Any]:
    about = {"kind": "Pod", "name": name}
    times = {"firstTimestamp": last, "lastTimestamp": last}
    metadata = {"name": name, "namespace": namespace}
    return {"metadata": metadata, "type": "Normal", "reason": "R", "message": message, "involvedObject": about, **times}


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    async with fake_api() as api:
        yield api


async def run(api: FakeApi, folder: Path, *lines: str) -> Result:
    """The result of the last of ``lines``."""
    async with Sandbox.open(api.kubeconfig(folder), ["equipe-rouge"], ["kube-system"]) as sandbox:
        return [await sandbox.run(await sandbox.parse(line), STUDENT, None) for line in lines][-1]


async def test_the_newest_event_is_last(api: FakeApi, tmp_path: Path) -> None:
    items = [event("b", "2026-01-02T00:00:00Z"), event("a", "2026-01-01T00:00:00Z"), event("c", "2026-01-03T00:00:00Z")]
    api.answers[EVENTS.format("equipe-rouge")] = json_of({"items": items})
    lines = (await run(api, tmp_path, "events")).stdout.splitlines()
    assert [line.split()[3] for line in lines[1:]] == ["Pod/a", "Pod/b", "Pod/c"]


async def test_events_of_all_namespaces_are_those_that_one_may_see(api: FakeApi, tmp_path: Path) -> None:
    for namespace in ("equipe-rouge", "kube-system"):
        items = [event("web", "2026-01-01T00:00:00Z", namespace=namespace)]
        api.answers[EVENTS.format(namespace)] = json_of({"items": items})
    lines = (await run(api, tmp_path, "events -A")).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["NAMESPACE", "equipe-rouge", "kube-system"]
    assert "/api/v1/events" not in api.paths


async def test_no_credential_of_an_event_is_shown(api: FakeApi, tmp_path: Path) -> None:
    items = [event("web", "2026-01-01T00:00:00Z", "bad password=hunter2")]
    api.answers[EVENTS.format("equipe-rouge")] = json_of({"items": items})
    printed = (await run(api, tmp_path, "events")).stdout
    assert "hunter2" not in printed
    assert MASK in printed


async def test_no_events_of_other_teams(api: FakeApi, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        await run(api, tmp_path, "events -n equipe-bleue")
    assert api.paths == []


async def test_the_manual_is_read_once_for_many_questions(api: FakeApi, tmp_path: Path) -> None:
    kind = {"group": "", "kind": "Pod", "version": "v1"}
    api.answers["/openapi/v3/api/v1"] = json_of(
        {
            "paths": {"/api/v1/namespaces/{namespace}/pods": {"get": {"x-kubernetes-group-version-kind": kind}}},
            "components": {
                "schemas": {
                    "Pod": {"x-kubernetes-group-version-kind": [kind], "properties": {"spec": {"type": "object"}}}
                }
            },
        }
    )
    result = await run(api, tmp_path, "explain pods", "explain po", "explain pod.spec")
    assert result.stdout.startswith("KIND:       Pod\nVERSION:    v1\n\nFIELD: spec <Object>\n")
    assert api.paths.count("/openapi/v3/api/v1") == 1
    assert all("Impersonate-User" not in request.headers for request in api.requests)


async def test_a_type_that_the_manual_lacks_is_told(api: FakeApi, tmp_path: Path) -> None:
    api.answers["/openapi/v3/api/v1"] = json_of({"paths": {}, "components": {"schemas": {}}})
    result = await run(api, tmp_path, "explain pods")
    assert result.explanation is not None
    assert "get pods -o yaml" in result.explanation["fr"]


async def test_a_field_that_is_not_there_leads_to_those_that_are(api: FakeApi, tmp_path: Path) -> None:
    kind = {"group": "", "kind": "Pod", "version": "v1"}
    schema = {"x-kubernetes-group-version-kind": [kind], "properties": {}}
    api.answers["/openapi/v3/api/v1"] = json_of(
        {
            "paths": {"/api/v1/namespaces/{namespace}/pods": {"get": {"x-kubernetes-group-version-kind": kind}}},
            "components": {"schemas": {"Pod": schema}},
        }
    )
    result = await run(api, tmp_path, "explain pod.spec.nothing")
    assert result.explanation is not None
    assert "`/k8s explain pods.spec`" in result.explanation["fr"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("events -w", "Slack"),
        ("events -o yaml", "get events -o yaml"),
        ("events --for secret/x", "Secrets"),
        ("explain pods -o json", "plaintext"),
        ("version --client", "kubectl version --client"),
        ("version x", "version"),
    ],
)
async def test_what_is_not_understood_leads_on(api: FakeApi, tmp_path: Path, line: str, hint: str) -> None:
    with pytest.raises(BotError) as refused:
        await run(api, tmp_path, line)
    assert hint in refused.value.text["fr"]


async def test_a_word_that_events_ignores_as_kubectl_does_is_told(api: FakeApi, tmp_path: Path) -> None:
    result = await run(api, tmp_path, "events pods")
    assert result.explanation is not None
    assert "`/k8s events --for deployment/demonstration`" in result.explanation["fr"]


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("one two three", "one two\nthree"),
        ("one\n\ntwo  ", "one\n\ntwo  "),
        ("a-word-that-is-too-long x", "a-word-that-is-too-long\nx"),
        ("   ", "   "),
    ],
)
def test_text_is_wrapped_at_words(text: str, wrapped: str) -> None:
    assert wrap(text, 8) == wrapped
