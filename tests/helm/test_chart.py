import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.playground.controlplane import Cluster, ToolFailed
from bot.settings import course
from tests.api import bot_api, student
from tests.cluster import CHART, IN_RELEASE, READ_ONLY, RELEASE, TEAMS, install_chart, uninstall_chart

pytestmark = pytest.mark.cluster
NEW, OLD = "--kube-version=1.36.3+k3s1", "--kube-version=1.35.9+k3s1"


def render(cluster: Cluster, *args: str) -> list[dict[str, Any]]:
    rendered = cluster.helm("template", RELEASE, CHART, IN_RELEASE, "--set=existingSecret=slack", *args)
    return [thing for thing in yaml.safe_load_all(rendered) if thing]


def test_lint_finds_nothing(control_plane: Cluster) -> None:
    assert "0 chart(s) failed" in control_plane.helm("lint", "--strict", CHART)


@pytest.mark.parametrize(
    ("args", "constrained"),
    [
        ((NEW,), True),
        ((OLD,), False),
        ((NEW, "--set=impersonation=legacy"), False),
        ((OLD, "--set=impersonation=constrained"), True),
    ],
    ids=["new", "old", "new, legacy asked for", "old, constrained asked for"],
)
def test_impersonation_is_constrained_or_legacy_and_never_both(
    control_plane: Cluster, args: tuple[str, ...], constrained: bool
) -> None:
    roles = [thing for thing in render(control_plane, *args) if thing["kind"] == "ClusterRole"]
    verbs = {verb for role in roles for rule in role["rules"] for verb in rule["verbs"]}
    assert ("impersonate" in verbs) is not constrained
    assert any(verb.startswith("impersonate:") for verb in verbs) is constrained
    assert any(verb.startswith("impersonate-on:") for verb in verbs) is constrained


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("existingSecret=", "existingSecret: name the Secret"),
        ("replicaCount=1", "'replicaCount' not allowed"),
        ("replicas=2", "at '/replicas': maximum: got 2, want 1"),
        ("database.existingSecret=pg,replicas=9", "at '/replicas'"),
        ("mode=https", "at '/mode'"),
        ("ingress.enabled=true", "ingress.enabled: Slack calls the bot in HTTP mode only"),
        ("ingress.enabled=true,mode=http", "ingress.host: name the host"),
        ("proxy=proxy:3128", "at '/proxy'"),
        ("networkPolicy.apiServer.cidrs={10.0.0.1}", "at '/networkPolicy/apiServer/cidrs/0'"),
        ("config.retention_days=0", "at '/config/retention_days'"),
        ("config.retention_days=3651", "at '/config/retention_days'"),
        ("log=xml", "at '/log'"),
        ("sandbox=null", "missing property 'sandbox'"),
        ("sandbox.maxReplicas=many", "at '/sandbox/maxReplicas'"),
        ("sandbox.quota.pods=many", "at '/sandbox/quota/pods'"),
        ("sandbox.namespaces={Rouge}", "at '/sandbox/namespaces/0'"),
        ("sandbox.namespaces={timonier}", "sandbox.namespaces: timonier is the bot's own namespace"),
        ("sandbox.namespaces={kube-public}", "sandbox.namespaces: kube-public belongs to the cluster"),
        ("sandbox.namespaces={default}", "sandbox.namespaces: default belongs to the cluster"),
        ("sandbox.studentsWrite={verte}", "sandbox.studentsWrite: verte is not in sandbox.namespaces"),
        ("sandbox.studentsWrite=equipe-bleue", "at '/sandbox/studentsWrite'"),
        ("sandbox.images=null", "missing property 'images'"),
        ("sandbox.images={nginx:1.27}", "at '/sandbox/images/0'"),
        ("sandbox.images={Nginx}", "at '/sandbox/images/0'"),
        ("sandbox.images={*}", "at '/sandbox/images/0'"),
        ("readOnlyNamespaces={equipe-rouge}", "readOnlyNamespaces: equipe-rouge is in sandbox.namespaces too"),
        ("readOnlyNamespaces={timonier}", "readOnlyNamespaces: timonier is the bot's own namespace"),
        ("impersonation=both", "at '/impersonation'"),
        ("config.language=de", "at '/config/language'"),
        ("config.trainers.users={bob}", "at '/config/trainers/users/0'"),
        ("config.channels.C0ROUGE.reads=all", "at '/config/channels/C0ROUGE/reads'"),
        ("config.channels.C0ROUGE.namespace=verte", "config.channels.C0ROUGE.namespace: verte is not in"),
        ("slackApiUrl=slack", "at '/slackApiUrl'"),
    ],
)
def test_a_wrong_value_is_named(control_plane: Cluster, value: str, named: str) -> None:
    with pytest.raises(ToolFailed, match=named.replace("(", r"\(")):
        render(control_plane, f"--set={value}")


def test_the_rendered_configuration_is_one_that_the_bot_takes(control_plane: Cluster, tmp_path: Path) -> None:
    values = (
        "config.trainers.users={U0TRAINER}",
        "config.trainers.channel=C0TRAINERS",
        "config.channels.C0ROUGE.namespace=equipe-rouge",
        "config.channels.C0ROUGE.reads=public",
        "config.guests=true",
    )
    things = render(control_plane, *(f"--set={value}" for value in values))
    rendered = next(thing for thing in things if thing["kind"] == "ConfigMap")["data"]["config.yaml"]
    (tmp_path / "config.yaml").write_text(rendered)
    read = course({"TIMONIER_CONFIG": str(tmp_path / "config.yaml")})
    assert (read.namespaces, read.read_only_namespaces) == (TEAMS, (READ_ONLY,))
    assert (read.trainers.users, read.trainers.channel) == (("U0TRAINER",), "C0TRAINERS")
    assert read.channels["C0ROUGE"].namespace == "equipe-rouge"
    assert read.channels["C0ROUGE"].reads == "public"
    assert read.guests


VARIANTS = {
    "socket, SQLite": ("mode=socket",),
    "http, SQLite": ("mode=http", "ingress.enabled=true", "ingress.host=bot.example.org", "ingress.tlsSecret=tls"),
    "socket, PostgreSQL": ("database.existingSecret=database", "replicas=2", "proxy=http://proxy.example.org:3128"),
    "http, PostgreSQL": (
        "mode=http",
        "database.existingSecret=database",
        "replicas=2",
        "caCertificates.configMap=authorities",
        "metrics.dashboard=true",
        "imagePullSecrets[0].name=registry",
        "nodeSelector.disk=ssd",
        "sandbox.networkPolicy.ingress[0].from[0].ipBlock.cidr=10.0.0.0/8",
    ),
}


@pytest.mark.parametrize("values", VARIANTS.values(), ids=VARIANTS.keys())
def test_the_api_server_takes_all_that_is_rendered(sandbox_cluster: Cluster, values: tuple[str, ...]) -> None:
    things = render(sandbox_cluster, *(f"--set={value}" for value in values))
    # Applied over the one that is there, a value would stand beside a valueFrom.
    next(thing for thing in things if thing["kind"] == "Deployment")["metadata"]["name"] = "another"
    stdin = yaml.safe_dump_all(things)
    sandbox_cluster.kubectl(
        "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-", stdin=stdin
    )


def test_slack_reaches_its_path_and_neither_probes_nor_metrics(control_plane: Cluster) -> None:
    things = render(control_plane, *(f"--set={value}" for value in VARIANTS["http, SQLite"]))
    [rule] = next(thing for thing in things if thing["kind"] == "Ingress")["spec"]["rules"]
    assert [(path["path"], path["pathType"]) for path in rule["http"]["paths"]] == [("/slack/events", "Exact")]


def test_a_database_of_its_own_allows_a_rolling_update_and_takes_the_volume_away(control_plane: Cluster) -> None:
    things = render(control_plane, *(f"--set={value}" for value in VARIANTS["socket, PostgreSQL"]))
    kinds = {thing["kind"] for thing in things}
    deployment = next(thing for thing in things if thing["kind"] == "Deployment")["spec"]
    assert "PersistentVolumeClaim" not in kinds
    assert "PodDisruptionBudget" in kinds
    assert deployment["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_journals_volume_goes_with_the_release_unless_it_is_to_be_kept(control_plane: Cluster) -> None:
    for values, policy in (((), None), (("--set=persistence.keep=true",), "keep")):
        [claim] = [thing for thing in render(control_plane, *values) if thing["kind"] == "PersistentVolumeClaim"]
        assert claim["metadata"].get("annotations", {}).get("helm.sh/resource-policy") == policy


def test_the_policy_finds_the_api_server(sandbox_cluster: Cluster) -> None:
    policy = json.loads(sandbox_cluster.kubectl("get", "networkpolicy", "timonier", IN_RELEASE, "--output=json"))
    opened = [rule["to"][0]["ipBlock"]["cidr"] for rule in policy["spec"]["egress"] if rule["ports"][0]["port"] == 443]
    addresses = sandbox_cluster.kubectl(
        "get", "endpointslice", "kubernetes", "--ignore-not-found", "--output=jsonpath={.endpoints[*].addresses[*]}"
    )
    assert opened[1:] == [f"{address}/32" for address in addresses.split()] or ["0.0.0.0/0"]


def test_the_dashboard_asks_for_metrics_that_there_are(control_plane: Cluster) -> None:
    things = render(control_plane, "--set=metrics.dashboard=true", "--set=metrics.serviceMonitor=true")
    dashboard = next(thing for thing in things if thing["metadata"]["name"] == "timonier-dashboard")
    asked = set(re.findall(r"timonier_[a-z_]+", dashboard["data"]["timonier.json"]))
    known = set(re.findall(r"`(timonier_[a-z_]+)`", (Path(CHART).parent / "docs" / "metrics.md").read_text()))
    assert {name.removesuffix("_bucket") for name in asked} == known
    assert "ServiceMonitor" in {thing["kind"] for thing in things}


@pytest.mark.slow
def test_an_upgrade_can_be_rolled_back_and_nothing_is_left_of_it(older_cluster: Cluster) -> None:
    def pods() -> str:
        return older_cluster.kubectl(
            "get", "quota", "sandbox", f"--namespace={TEAMS[0]}", "-o=jsonpath={.spec.hard.pods}"
        )

    before = pods()
    install_chart(older_cluster, "impersonation=legacy", "sandbox.quota.pods=7", "mode=http")
    assert pods() == "7"
    older_cluster.helm("rollback", RELEASE, IN_RELEASE)
    assert pods() == before
    args = older_cluster.kubectl("get", "deployment", "timonier", IN_RELEASE, "-o=jsonpath={..args}")
    assert "http" not in args
    install_chart(older_cluster, "impersonation=legacy")


@pytest.mark.slow
def test_uninstalling_leaves_the_teams_namespaces_and_installing_again_takes_them_over(older_cluster: Cluster) -> None:
    cluster = older_cluster
    mine = ("--selector=app.kubernetes.io/name=timonier", "--output=name")
    cluster.kubectl("create", "configmap", "travail", f"--namespace={TEAMS[0]}")
    uninstall_chart(cluster)
    kinds = "clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings,namespaces"
    assert cluster.kubectl("get", kinds, *mine).split() == [f"namespace/{team}" for team in sorted(TEAMS)]
    left = "rolebindings,quota,limitranges,networkpolicies,services,deployments,configmaps,ingresses,pdb"
    assert cluster.kubectl("get", left, "--all-namespaces", *mine) == ""
    install_chart(cluster, "impersonation=legacy")
    assert cluster.kubectl("get", "configmap/travail", f"--namespace={TEAMS[0]}", "--output=name")


@pytest.mark.slow
async def test_a_team_can_be_added_and_taken_away_later(older_cluster: Cluster) -> None:
    pods = "/api/v1/namespaces/equipe-verte/pods"
    more = "sandbox.namespaces={equipe-rouge,equipe-bleue,equipe-verte}"
    async with bot_api(older_cluster) as api:
        install_chart(older_cluster, "impersonation=legacy", more)
        assert (await api.ask("GET", pods, student("equipe-verte"))).status == 200
        assert (await api.ask("GET", pods, student("equipe-rouge"))).status == 403
        install_chart(older_cluster, "impersonation=legacy")
        assert (await api.ask("GET", pods, student("equipe-verte"))).status == 403
    older_cluster.kubectl("delete", "namespace", "equipe-verte", "--wait=false")
