"""What stands in the playground's cluster: the chart, as in production, and the teams' first deployments."""

import json
import time
from pathlib import Path

import yaml

from bot.playground import localslack
from bot.playground.controlplane import Cluster, ToolFailed
from bot.playground.preparation import replace_text

REPOSITORY = Path(__file__).parents[2]
SANDBOX, KUBE_SYSTEM = (Path(__file__).with_name(name) for name in ("sandbox.yaml", "kube-system.yaml"))
RELEASE, SECRET = "timonier", "playground-slack"
RED, BLUE = "equipe-rouge", "equipe-bleue"
NAMESPACES = (RED, BLUE)
READ_ONLY_NAMESPACES = ("kube-system",)
COURSE = {
    "language": "fr",
    "trainers": {"users": [localslack.TRAINER], "channel": localslack.TRAINERS},
    "channels": {
        localslack.COURSE: {},
        localslack.SANDBOX: {},
        localslack.RED: {"namespace": RED},
        localslack.BLUE: {"namespace": BLUE},
    },
    "guests": False,
}
IMAGES = ("busybox", "introuvable/", "monachus/", "nginx", "perl", "plante/")
"""The course's, and those whose failures kwok plays."""
RENEW_SECONDS = 1200  # a token lives 3600 s


def bot_config() -> str:
    """The file of TIMONIER_CONFIG, as the chart renders it."""
    namespaces = {"namespaces": [*NAMESPACES], "read_only_namespaces": [*READ_ONLY_NAMESPACES]}
    return yaml.safe_dump({**COURSE, **namespaces})


def install_chart(cluster: Cluster, slack: localslack.LocalSlack, folder: Path) -> None:
    """The rights and guards of production; the bot itself runs beside the cluster, hence no replica."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": SECRET, "namespace": RELEASE},
        "stringData": {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token},
    }
    values = {
        "existingSecret": SECRET,
        "replicas": 0,
        "persistence": {"enabled": False},
        "slackApiUrl": slack.api_url,
        "config": COURSE,
        "sandbox": {"namespaces": [*NAMESPACES], "images": [*IMAGES]},
        "readOnlyNamespaces": [*READ_ONLY_NAMESPACES],
    }
    file = folder / "values.yaml"
    file.write_text(yaml.safe_dump(values))
    chart = ("upgrade", "--install", RELEASE, str(REPOSITORY / "helm"), "--namespace", RELEASE, "--create-namespace")
    cluster.helm(*chart, "--values", str(file))
    cluster.kubectl("apply", "--server-side", "-f", "-", stdin=json.dumps(secret))


def seed_sandbox(cluster: Cluster) -> None:
    """Something that runs and something that does not, in each team's namespace; waits until the first runs."""
    cluster.kubectl("create", "--namespace", "kube-system", "-f", str(KUBE_SYSTEM))
    seed_teams(cluster)
    for namespace in NAMESPACES:
        available = ("--for=condition=Available", "deployment/demonstration", "--timeout=30s")
        cluster.kubectl("wait", "--namespace", namespace, *available)


def seed_teams(cluster: Cluster) -> None:
    """What is there already stays as it is."""
    for namespace in NAMESPACES:
        created = cluster.run("kubectl", "create", "--namespace", namespace, "-f", str(SANDBOX))
        errors = [line for line in created.stderr.splitlines() if not line.startswith("Warning:")]
        if not all("(AlreadyExists)" in line for line in errors):
            raise ToolFailed(created.stderr.strip())


class BotAccount:
    """The chart's service account as a kubeconfig; its token is put into a file, and a new one before it ends."""

    def __init__(self, cluster: Cluster, folder: Path, renew_seconds: float = RENEW_SECONDS) -> None:
        self._cluster = cluster
        self._renew_seconds = renew_seconds
        self._token_file = folder / "bot.token"
        self._renewed_at = 0.0
        replace_text(self._token_file, "none-yet")
        self.kubeconfig = cluster.write_kubeconfig(folder / "bot.kubeconfig", token_file=self._token_file)

    def renew(self) -> None:
        """Does nothing while the token is young. By the wall clock, since a laptop sleeps and a token does not."""
        if time.time() - self._renewed_at < self._renew_seconds:
            return
        replace_text(self._token_file, self._cluster.service_account_token(RELEASE, "timonier"))
        self._renewed_at = time.time()
