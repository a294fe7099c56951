"""What a look at an object says of a write that a stop cut off."""

from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.aftermath import tell
from bot.sandbox.changes import Change
from bot.sandbox.writing.rollout import restarted_at


def version(number: int, image: str) -> dict[str, Any]:
    return {"revision": number, "kept": f"web-{number}", "template": {"spec.containers[main].image": image}}


SCALED = Change("scale", "deployment.apps", "web", "red", "uid-1", {"spec": {"replicas": 2}}, {"spec": {"replicas": 5}})
EXPOSED = replace(SCALED, verb="expose", kind="service", uid="", before=None, after={"spec": {"ports": [{"port": 80}]}})
RESTARTED = replace(SCALED, verb="rollout restart", before=restarted_at("10:00"), after=restarted_at(""))
BACK = replace(SCALED, verb="rollout undo", before=version(2, "nginx:1.27"), after=version(1, "nginx:1.25"))
DELETED = replace(SCALED, verb="delete", after=None)


def web(uid: str = "uid-1", **spec: Any) -> dict[str, Any]:
    return {"metadata": {"uid": uid}, "spec": {"paused": False, **spec}}


@pytest.mark.parametrize(
    ("change", "found", "told"),
    [
        (SCALED, web(replicas=5), "2 → 5 replicas. It is done."),
        (SCALED, web(replicas=2), "as it was before: it is not done"),
        (SCALED, web(replicas=3), "someone has changed it since"),
        (SCALED, None, "someone has deleted it since"),
        (EXPOSED, web("uid-2", ports=[{"port": 80}]), "created. It is done."),
        (EXPOSED, web("uid-2", ports=[{"port": 81}]), "someone has changed it since"),
        (EXPOSED, None, "does not exist: it is not done"),
        (RESTARTED, web(**restarted_at("11:00")["spec"]), "It is done."),
        (RESTARTED, web(**restarted_at("10:00")["spec"]), "it is not done"),
        (BACK, web(template={"spec": {"containers": [{"name": "main", "image": "nginx:1.25"}]}}), "It is done."),
        (BACK, web(template={"spec": {"containers": [{"name": "main", "image": "nginx:1.27"}]}}), "it is not done"),
        (BACK, web(template={"spec": {"containers": [{"name": "main", "image": "nginx"}]}}), "has changed it since"),
        (DELETED, None, "deleted. It is done."),
        (DELETED, web(), "still there: it is not done"),
        (DELETED, web("uid-2"), "deleted. It is done."),
        (DELETED, {"metadata": {"uid": "uid-1", "deletionTimestamp": "2026-01-01T00:00:00Z"}}, "It is done."),
    ],
)
def test_it_says_what_is_seen(change: Change, found: dict[str, Any] | None, told: str) -> None:
    assert told in tell(change, found).en
