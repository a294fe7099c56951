"""What a look for failures costs: nothing where all is well, one more request where something is not."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Result, Sandbox
from bot.sandbox.symptoms import Symptom, in_events
from bot.sandbox.table.kinds import PODS
from tests.cluster import TEAMS
from tests.sandbox.conftest import STUDENT
from tests.sandbox.fake_api import FakeApi, cut, fake_api, html, json_of, status

TEAM = TEAMS[0]
LIST = f"/api/v1/namespaces/{TEAM}/pods"
STATES = ["Running", "Completed", "ContainerCreating", "PodInitializing", "Terminating", "Init:0/1"]


@pytest.fixture
async def fake() -> AsyncIterator[FakeApi]:
    async with fake_api() as fake:
        yield fake


def pods(states: Iterable[str]) -> dict[str, Any]:
    """A table with a pod in each state."""
    columns = [{"name": name, "type": "string"} for name in ("Name", "Ready", "Status")]
    rows = [
        {"cells": [f"web-{number}", "0/1", state], "object": {"metadata": {"name": f"web-{number}", "namespace": TEAM}}}
        for number, state in enumerate(states)
    ]
    return {"kind": "Table", "metadata": {}, "columnDefinitions": columns, "rows": rows}


def crashing(name: str) -> dict[str, Any]:
    state = {"name": "site", "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "restartCount": 3}
    metadata, spec = {"name": name, "namespace": TEAM}, {"containers": [{"name": "site"}]}
    return {"kind": "Pod", "metadata": metadata, "spec": spec, "status": {"containerStatuses": [state]}}


async def get_pods(fake: FakeApi, folder: Path) -> Result:
    async with Sandbox.open(fake.kubeconfig(folder), TEAMS, []) as sandbox:
        return await sandbox.run(await sandbox.parse("get pods"), STUDENT, TEAM)


async def test_where_all_is_well_nothing_more_is_asked(fake: FakeApi, tmp_path: Path) -> None:
    fake.answers[LIST] = json_of(pods(STATES))
    result = await get_pods(fake, tmp_path)
    assert result.lesson is None
    assert fake.paths == [LIST]


async def test_the_first_that_failed_is_read_once_as_the_same_person(fake: FakeApi, tmp_path: Path) -> None:
    fake.answers[LIST] = json_of(pods(["Running", "Pending", "Init:CrashLoopBackOff", "ImagePullBackOff"]))
    fake.answers[f"{LIST}/web-2"] = json_of(crashing("web-2"))
    result = await get_pods(fake, tmp_path)
    assert result.lesson is not None
    assert result.lesson.command == f"logs web-2 -n {TEAM} --previous"
    assert fake.paths == [LIST, f"{LIST}/web-2"]
    assert fake.requests[-1].headers["Impersonate-Group"] == f"timonier:students:{TEAM}"


@pytest.mark.parametrize(
    "answer",
    [
        status(404, "NotFound", "gone"),
        status(403, "Forbidden", "no"),
        html(502),
        cut,
        json_of({**crashing("web-0"), "status": {}}),
    ],
    ids=["gone", "refused", "away", "cut", "well by now"],
)
async def test_what_can_not_be_told_any_more_costs_the_lesson_and_not_the_reply(
    fake: FakeApi, tmp_path: Path, answer: Any
) -> None:
    fake.answers[LIST] = json_of(pods(["CrashLoopBackOff"]))
    fake.answers[f"{LIST}/web-0"] = answer
    result = await get_pods(fake, tmp_path)
    assert (result.lesson, result.explanation, result.status) == (None, None, 0)
    assert "CrashLoopBackOff" in result.stdout


def event(type_: str, reason: str, kind: str, name: str) -> dict[str, Any]:
    about = {"kind": kind, "name": name, "namespace": TEAM}
    return {"type": type_, "reason": reason, "involvedObject": about}


def test_the_newest_failure_among_events_counts() -> None:
    seen = [
        event("Warning", "Failed", "Pod", "old"),
        event("Warning", "BackOff", "Pod", "new"),
        event("Warning", "Unhealthy", "Pod", "probed"),
        event("Warning", "FailedMount", "Node", "elsewhere"),
        event("Normal", "BackOff", "Pod", "told"),
    ]
    assert in_events(seen) == Symptom(PODS, TEAM, "new")
    assert in_events(seen[2:]) is None
