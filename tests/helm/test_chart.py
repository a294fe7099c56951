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
        ("replicas=2", "at '/replicas'"),
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


def test_uninstalling_leaves_the_teams_namespaces_and_installing_again_takes_them_over(older_cluster: Cluster) -> None:
    cluster = older_cluster
    mine = ("--selector=app.kubernetes.io/name=timonier", "--output=name")
    cluster.kubectl("create", "configmap", "travail", f"--namespace={TEAMS[0]}")
    uninstall_chart(cluster)
    kinds = "clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings,namespaces"
    assert cluster.kubectl("get", kinds, *mine).split() == [f"namespace/{team}" for team in sorted(TEAMS)]
    assert cluster.kubectl("get", "rolebindings,quota,limitranges", "--all-namespaces", *mine) == ""
    install_chart(cluster, "impersonation=legacy")
    assert cluster.kubectl("get", "configmap/travail", f"--namespace={TEAMS[0]}", "--output=name")


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
