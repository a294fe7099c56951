"""Lines that build on each other, through kubectl in one namespace and the sandbox in its twin: the same in the end."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox
from tests.cluster import TEAMS
from tests.sandbox.kubectl import Said, ask_kubectl, ask_sandbox

pytestmark = [pytest.mark.cluster, pytest.mark.slow]
OURS, THEIRS = TEAMS
SCENES = {
    title: lines
    for title, *lines in (
        scene.splitlines() for scene in (Path(__file__).parent / "golden" / "scenes.txt").read_text().split("\n\n")
    )
}
MADE_UP = re.compile(r"(?<=-)[a-z0-9]{5}(?=[\" ])")
"""What a pod's name ends with."""


@pytest.mark.parametrize("title", SCENES, ids=lambda title: title.removeprefix("# "))
async def test_a_scene_is_word_for_word_kubectls(sandbox_cluster: Cluster, sandbox: Sandbox, title: str) -> None:
    for line in SCENES[title]:
        if line.startswith("wait "):
            for team in TEAMS:
                sandbox_cluster.kubectl("rollout", "status", line.split()[1], f"--namespace={team}", "--timeout=30s")
            continue
        theirs = await ask_kubectl(sandbox_cluster, line, THEIRS)
        ours = await ask_sandbox(sandbox, line, OURS)
        assert anywhere(ours) == anywhere(theirs), line
        if theirs.stdout:
            made = objects(sandbox_cluster)
            assert made[OURS] == made[THEIRS], line


def anywhere(said: Said) -> Said:
    stdout, stderr = (
        MADE_UP.sub("#", text.replace(OURS, "ici").replace(THEIRS, "ici")) for text in (said.stdout, said.stderr)
    )
    return replace(said, stdout=stdout, stderr=stderr)


def objects(cluster: Cluster) -> Mapping[str, list[Any]]:
    """By namespace: what people decide about its deployments and services."""
    found = defaultdict[str, list[Any]](list)
    for thing in json.loads(cluster.kubectl("get", "deployments,services", "--all-namespaces", "--output=json"))[
        "items"
    ]:
        about = thing["metadata"]
        decided = (thing["kind"], about["name"], about.get("labels"), without_addresses(thing["spec"]))
        found[about["namespace"]].append(decided)
    return found


def without_addresses(spec: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key not in ("clusterIP", "clusterIPs")}
