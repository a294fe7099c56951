"""Dangerous text in real objects: readable in every output, and in Slack it does nothing."""

import html
import json
import re
from collections.abc import Iterator

import pytest

from bot.errors import BotError
from bot.helpdesk import Outcome
from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox
from bot.slack.blocks import Message, build_refusal
from bot.slack.outcomes import build_outcome
from tests.cluster import TEAMS
from tests.sandbox.conftest import TRAINER

pytestmark = pytest.mark.cluster
TEAM = TEAMS[1]
DANGER = "<!here> ``` *gras* <@U0TRAINER> <http://evil.example|cliquez> & fin"
TYPED = html.escape(DANGER, quote=False)  # as Slack sends it
TRAP = {"name": "piege", "namespace": TEAM, "annotations": {"note": DANGER}}
OBJECTS = [
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": TRAP, "data": {"note": DANGER}},
    {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "piege", "namespace": TEAM},
        "involvedObject": {"kind": "ConfigMap", "name": "piege", "namespace": TEAM, "apiVersion": "v1"},
        "type": "Warning",
        "reason": "Piege",
        "message": DANGER,
        "firstTimestamp": "2026-01-01T00:00:00Z",
        "lastTimestamp": "2026-01-01T00:00:00Z",
        "source": {"component": "test"},
    },
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {**TRAP, "annotations": {"note": DANGER, "kubernetes.io/change-cause": DANGER}},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"app": "piege"}},
            "template": {
                "metadata": {"labels": {"app": "piege"}},
                "spec": {"containers": [{"name": "web", "image": "nginx", "args": [DANGER]}]},
            },
        },
    },
]


@pytest.fixture(scope="module")
def cluster(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    sandbox_cluster.kubectl(
        "create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": OBJECTS})
    )
    rolled_out = ("rollout", "status", "deployment/piege", f"--namespace={TEAM}", "--timeout=30s")
    sandbox_cluster.kubectl(*rolled_out)
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", "configmap/piege", "event/piege", "deployment/piege", f"--namespace={TEAM}")


async def shown(sandbox: Sandbox, line: str) -> Message:
    try:
        result = await sandbox.run(await sandbox.parse(line), TRAINER, TEAM)
    except BotError as error:
        return build_refusal(error.text["fr"], linked=error.linked)
    return build_outcome(Outcome(result), "fr", public=True)


def markup(message: Message) -> Iterator[str]:
    yield message.text
    for block in message.blocks:
        parts = [block.get("text"), *block.get("elements", ())]
        yield from (part["text"] for part in parts if part and part["type"] == "mrkdwn")


@pytest.mark.parametrize(
    "line",
    [
        "get configmap piege -o yaml",
        "get configmap piege -o json",
        "get configmap piege -o jsonpath='{.data.note}'",
        "get configmaps -o custom-columns=NOTE:.metadata.annotations.note",
        "get deployment piege -o wide -o jsonpath={..args}",
        "get events",
        "events --for=configmap/piege",
        "describe configmap piege",
        "describe deployment piege",
        "rollout history deployment/piege",
        f"get pods -l '{TYPED}'",
        f"get pods --field-selector='{TYPED}=x'",
        f"label deployment piege 'note={TYPED}'",
        f"expose deployment piege --port=80 --selector='app={TYPED}'",
        f"set image deployment/piege 'web={TYPED}'",
    ],
)
async def test_it_is_readable_and_does_nothing(cluster: Cluster, sandbox: Sandbox, line: str) -> None:
    texts = [*markup(await shown(sandbox, line))]
    for text in texts:
        assert not re.search("[<>]", text), text
        assert text.count("```") in (0, 2), text
    read = html.unescape("\n".join(texts)).replace("\u200b", "")
    # A quoted string has its own escapes, a table its own width.
    assert "<!here> ```" in read or r"\u003c!here\u003e ```" in read, read
