"""Where two templates differ, and what is said of the new pods of a workload."""

from typing import Any

import pytest

from bot.sandbox.differences import differences, matches
from bot.sandbox.rolling import rolling

THING = "deployment.apps/web"


def template(**container: Any) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", **container}]}}


def env(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def test_the_fields_that_differ_are_named_by_container_and_variable() -> None:
    before, after = template(image="nginx:1", env=env(MODE="a", OLD="x")), template(image="nginx:2", env=env(MODE="b"))
    assert differences(before, after) == (
        {
            "spec.containers[main].env[MODE].value": "a",
            "spec.containers[main].env[OLD].value": "x",
            "spec.containers[main].image": "nginx:1",
        },
        {
            "spec.containers[main].env[MODE].value": "b",
            "spec.containers[main].env[OLD].value": None,
            "spec.containers[main].image": "nginx:2",
        },
    )


def test_a_credential_that_differs_is_named_and_masked() -> None:
    [before], [after] = ([*side.values()] for side in differences(*(template(env=env(PASSWORD=p)) for p in "ab")))
    assert (before, after) == ("********", "********")


def test_a_long_value_is_cut_after_it_was_compared() -> None:
    words = [["sh", "-c", "x" * 200 + last] for last in "ab"]
    before, after = differences(*(template(command=command) for command in words))
    assert [len(value or "") for value in (*before.values(), *after.values())] == [101, 101]


def test_the_values_of_one_side_are_found_again() -> None:
    before, after = (template(image=f"nginx:{n}", env=env(PASSWORD=str(n))) for n in (1, 2))
    was, will_be = differences(before, after)
    assert (matches(was, before), matches(will_be, after), matches(will_be, before)) == (True, True, False)


def pod(image: str = "nginx:2", *, ready: bool = True, waiting: str = "", name: str = "web-1") -> dict[str, Any]:
    state = {"waiting": {"reason": waiting}} if waiting else {"running": {}}
    return {
        "metadata": {"name": name, "labels": {"app": "web", "pod-template-hash": "1"}},
        "spec": {"containers": [{"name": "main", "image": image, "volumeMounts": [{"mountPath": "/token"}]}]},
        "status": {
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [{"name": "main", "state": state}],
        },
    }


@pytest.mark.parametrize(
    ("spec", "pods", "settled", "french"),
    [
        ({}, [pod(), pod()], True, "2 nouveaux pods prêts sur 2."),
        ({}, [pod(), pod("nginx:1")], False, "1 nouveau pod prêt sur 2."),
        ({}, [pod(), pod(ready=False)], False, "1 nouveau pod prêt sur 2 ; 1 démarre encore."),
        ({}, [pod(ready=False, waiting="ContainerCreating")], False, "0 nouveau pod prêt sur 2 ; 1 démarre encore."),
        (
            {},
            [pod("nginx:1", ready=False, waiting="CrashLoopBackOff"), pod(ready=False, waiting="ImagePullBackOff")],
            True,
            "0 nouveau pod prêt sur 2 ; `web-1` n'y arrive pas : `ImagePullBackOff` (`/k8s describe pod web-1`).",
        ),
        ({"replicas": 0}, [], True, "0 réplica : il n'y a pas de pod à remplacer."),
        ({"paused": True}, [], True, "En pause : rien ne change avant `/k8s rollout resume deployment.apps/web`."),
        (
            {"updateStrategy": {"type": "OnDelete"}},
            [],
            True,
            "Ses pods ne changent que lorsqu'on les supprime (`OnDelete`).",
        ),
    ],
)
def test_only_the_new_pods_count(spec: dict[str, Any], pods: list[dict[str, Any]], settled: bool, french: str) -> None:
    workload = {"spec": {"replicas": 2, "template": template(image="nginx:2"), **spec}}
    seen = rolling(workload, pods, THING)
    assert (seen.settled, seen.told["fr"]) == (settled, french)


def test_a_pod_that_goes_is_not_one_of_the_new() -> None:
    going = pod()
    going["metadata"]["deletionTimestamp"] = "2026-11-24T12:00:00Z"
    assert rolling({"spec": {"replicas": 1, "template": template(image="nginx:2")}}, [going], THING).made == 0
