"""The bot's Deployment gives a process all that it needs: settings, tokens, its account, a folder for the journal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster
from tests.cluster import IN_RELEASE, RELEASE, TEAMS, install_chart
from tests.databases import PostgreSQL
from tests.podspec import NoSuchKey, Pod, read_pod
from tests.product.process import started
from tests.slack.fake_slack import SECRET, FakeSlack

pytestmark = pytest.mark.cluster

READS_ITS_SETTINGS = """
import os
from bot.settings import Settings
settings = Settings.from_environment(os.environ)
print(settings.app_token, settings.database_url, *settings.course.namespaces)
"""
SAYS_WHO_IT_IS = """
import asyncio
from kubernetes.aio import client, config
async def main():
    config.load_incluster_config()
    async with client.ApiClient() as api:
        review = await client.AuthenticationV1Api(api).create_self_subject_review(body=client.V1SelfSubjectReview())
        print(review.status.user_info.username)
asyncio.run(main())
"""
WRITES = """
from pathlib import Path
for folder in ("/var/lib/timonier", "/tmp", "/etc/timonier", "/", "/usr", "/var/lib"):
    try:
        Path(folder, "timonier-was-here").touch()
        Path(folder, "timonier-was-here").unlink()
        print(folder)
    except OSError:
        pass
"""


@pytest.fixture(scope="module")
def cluster(older_cluster: Cluster) -> Iterator[Cluster]:
    older_cluster.kubectl("create", "deployment", "atelier", "--image=nginx", f"--namespace={TEAMS[0]}")
    older_cluster.kubectl("create", "secret", "generic", "slack", "--from-literal=SLACK_BOT_TOKEN=xoxb-1", IN_RELEASE)
    yield older_cluster
    older_cluster.kubectl("delete", "secret", "slack", IN_RELEASE)
    older_cluster.kubectl("delete", "deployment", "atelier", f"--namespace={TEAMS[0]}")


@pytest.fixture
def pod(cluster: Cluster) -> Iterator[Pod]:
    cluster.kubectl("patch", "secret", "slack", "--patch", '{"stringData": {"SLACK_APP_TOKEN": "xapp-1"}}', IN_RELEASE)
    yield read_pod(cluster)
    cluster.kubectl("patch", "secret", "slack", "--patch", '{"data": {"SLACK_APP_TOKEN": null}}', IN_RELEASE)


def run(pod: Pod, folder: Path, program: str) -> str:
    command = pod.command(folder, sys.executable, "-c", program)
    return subprocess.run(command, env=pod.env, capture_output=True, text=True, check=True).stdout.strip()


def test_it_serves_with_the_tokens_of_the_secret_and_the_charts_configuration(pod: Pod, tmp_path: Path) -> None:
    assert pod.args == ("serve", "--mode", "socket")
    assert run(pod, tmp_path, READS_ITS_SETTINGS) == (
        "xapp-1 sqlite:////var/lib/timonier/timonier.db equipe-rouge equipe-bleue"
    )


def test_the_api_server_knows_it_as_the_charts_account(pod: Pod, tmp_path: Path) -> None:
    assert run(pod, tmp_path, SAYS_WHO_IT_IS) == "system:serviceaccount:timonier:timonier"


def test_it_can_write_its_journal_and_temporary_files_and_nothing_else(pod: Pod, tmp_path: Path) -> None:
    assert run(pod, tmp_path, WRITES).split() == ["/var/lib/timonier", "/tmp"]


@pytest.mark.slow
async def test_with_http_and_postgresql_it_starts_and_answers(
    cluster: Cluster, postgresql: PostgreSQL, tmp_path: Path
) -> None:
    url = postgresql.create("pod")
    cluster.kubectl("create", "secret", "generic", "database", f"--from-literal=DATABASE_URL={url}", IN_RELEASE)
    secret = {"stringData": {"SLACK_SIGNING_SECRET": SECRET}}
    cluster.kubectl("patch", "secret", "slack", "--patch", json.dumps(secret), IN_RELEASE)
    async with FakeSlack.open(members={"C0ROUGE": ["U0ANNA"]}) as slack:
        install_chart(
            cluster,
            "impersonation=legacy",
            "mode=http",
            "database.existingSecret=database",
            f"slackApiUrl={slack.url}/api/",
            "config.channels.C0ROUGE.namespace=equipe-rouge",
        )
        pod = read_pod(cluster)
        install_chart(cluster, "impersonation=legacy")
        with started(pod, tmp_path) as bot:
            await bot.until_ready()
            slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
            await slack.command("get deployments", channel="C0ROUGE")
            assert "atelier" in (await slack.wait_for("respond")).text
            assert await bot.terminate() == 0
    cluster.kubectl("delete", "secret", "database", IN_RELEASE)


def test_without_a_token_in_the_secret_it_would_not_start(cluster: Cluster) -> None:
    with pytest.raises(NoSuchKey, match="slack has no key SLACK_APP_TOKEN"):
        read_pod(cluster)


@pytest.mark.slow
def test_the_container_is_locked_down(cluster: Cluster) -> None:
    """Pod security's strictest level takes it."""
    cluster.kubectl("label", "namespace", RELEASE, "pod-security.kubernetes.io/enforce=restricted")
    install_chart(cluster, "impersonation=legacy", "replicas=1")
    try:
        cluster.kubectl("rollout", "status", "deployment/timonier", IN_RELEASE, "--timeout=30s")
    finally:
        install_chart(cluster, "impersonation=legacy")
        cluster.kubectl("label", "namespace", RELEASE, "pod-security.kubernetes.io/enforce-")
