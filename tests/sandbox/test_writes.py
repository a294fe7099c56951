"""What is created, given other images, labelled and deleted: tried first, told, looked at again, taken back."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.playground.controlplane import Cluster
from bot.sandbox import Result, Sandbox, asks_first
from tests.sandbox.conftest import BLEUE, IN_TEAM, TRAINER, preview, run

pytestmark = pytest.mark.cluster
SHOP = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "boutique", "labels": {"app": "boutique"}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "boutique"}},
        "template": {
            "metadata": {"labels": {"app": "boutique"}},
            "spec": {
                "containers": [
                    {"name": "web", "image": "nginx:1.25", "env": [{"name": "PASSWORD", "value": "sesame-1234"}]},
                    {"name": "side", "image": "busybox:1.36"},
                ],
                "initContainers": [{"name": "prepare", "image": "busybox:1.36"}],
            },
        },
    },
}


@pytest.fixture(scope="module")
def namespace(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", "deployments,services", "--selector=app!=demonstration", IN_TEAM)


@pytest.fixture
def cluster(namespace: Cluster) -> Cluster:
    namespace.kubectl("delete", "deployments,services", "--selector=app!=demonstration", IN_TEAM)
    return namespace


@pytest.fixture
def shop(cluster: Cluster) -> Cluster:
    """With two pods of a deployment that has a password in its environment."""
    cluster.kubectl("create", "--filename=-", IN_TEAM, stdin=json.dumps(SHOP))
    cluster.kubectl("rollout", "status", "deployment/boutique", IN_TEAM, "--timeout=30s")
    return cluster


def get(cluster: Cluster, thing: str) -> Any:
    return json.loads(cluster.kubectl("get", thing, IN_TEAM, "--output=json"))


def names(cluster: Cluster, kinds: str, selector: str = "app!=demonstration") -> list[str]:
    return cluster.kubectl("get", kinds, IN_TEAM, "--output=name", f"--selector={selector}").split()


def deployments_charged(cluster: Cluster) -> int:
    return int(get(cluster, "quota/sandbox")["status"]["used"]["count/deployments.apps"])


def images(cluster: Cluster) -> list[str]:
    spec = get(cluster, "deployment/boutique")["spec"]["template"]["spec"]
    return [container["image"] for container in (*spec["containers"], *spec["initContainers"])]


def told(result: Result) -> list[str]:
    return [change.told["fr"] for change in result.changes]


async def test_a_created_deployment_is_told_looked_at_and_taken_back(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "create deployment site --image=nginx --replicas=2")
    assert told(result) == ["`deployment.apps/site` : créé"]
    seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert seen["fr"] == "2 pods prêts sur 2."
    undone = await sandbox.undo(result.changes, TRAINER)
    assert undone.line == f"kubectl delete deployment.apps/site -n {BLEUE}"
    assert undone.stdout == f'deployment.apps "site" deleted from {BLEUE} namespace\n'
    assert names(cluster, "deployments") == []


async def test_a_created_deployment_that_was_changed_is_not_taken_back(sandbox: Sandbox, cluster: Cluster) -> None:
    result = await run(sandbox, "create deployment site --image=nginx")
    cluster.kubectl("set", "image", "deployment/site", "nginx=nginx:1.27", IN_TEAM)
    with pytest.raises(NotAllowed, match=r"changed since\. Nothing was undone; look at it"):
        await sandbox.undo(result.changes, TRAINER)
    assert names(cluster, "deployments") == ["deployment.apps/site"]


async def test_an_image_that_cannot_be_pulled_is_told_by_the_look_after_its_creation(
    sandbox: Sandbox, cluster: Cluster
) -> None:
    result = await run(sandbox, "create deployment site --image=introuvable/site")
    seen = await sandbox.look_again(result.changes, TRAINER)
    assert seen
    assert seen["fr"].startswith("0 pod prêt sur 1 ; `site-")
    assert "n'y arrive pas : `ImagePullBackOff`" in seen["fr"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("create deployment demonstration --image=nginx", "Il y a déjà un déploiement `demonstration`"),
        ("create deployment site --image=mineur/xmrig", "image mineur/xmrig refusée ; permises : busybox, "),
        ("create deployment site --image=nginx --replicas=11", "10 réplicas au plus"),
        ("create deployment site --image=nginx --replicas=-1", "`spec.replicas` n'est pas valable"),
        ("create deployment site --image=nginx --port=70000", "doit être entre 1 et 65535"),
        ("set image deployment/demonstration rancher-demo=mineur", "image mineur refusée"),
        ("set image deployment/demonstration web=nginx", "Il a : `rancher-demo`"),
        ("set image deployment/demonstratoin '*=nginx'", "Les noms les plus proches : `demonstration`"),
        ("label deployment demonstration app=autre", "`app=demonstration` : ce label existe déjà"),
        ("label deployment demonstration a/b/c=d", "`metadata.labels` n'est pas valable"),
        ("delete deployment demonstratoin", "Les noms les plus proches : `demonstration`"),
        ("delete pods -l 'app in web'", "n'est pas bien formé"),
    ],
)
async def test_a_preview_tells_why_nothing_would_happen(
    sandbox: Sandbox, cluster: Cluster, line: str, why: str
) -> None:
    charged = deployments_charged(cluster)
    result = await preview(sandbox, line)
    assert result.changes == ()
    assert result.explanation
    assert why in result.explanation["fr"]
    assert deployments_charged(cluster) <= charged


async def test_the_quota_is_told_before_anything_is_created(sandbox: Sandbox, cluster: Cluster) -> None:
    cluster.kubectl("create", "quota", "serre", "--hard=count/deployments.apps=1", IN_TEAM)
    try:
        cluster.kubectl("wait", "--for=jsonpath={.status.used}", "quota/serre", IN_TEAM, "--timeout=30s")
        result = await preview(sandbox, "create deployment site --image=nginx")
    finally:
        cluster.kubectl("delete", "quota", "serre", IN_TEAM)
    assert result.explanation
    assert "Le quota du namespace `equipe-bleue` est atteint" in result.explanation["fr"]


async def test_pods_that_a_stricter_cluster_would_refuse_are_told_as_a_lesson(
    sandbox: Sandbox, cluster: Cluster
) -> None:
    result = await run(sandbox, "create deployment site --image=nginx")
    assert result.stderr.startswith('Warning: would violate PodSecurity "restricted:latest"')
    assert result.explanation
    assert "ici c'est un avertissement" in result.explanation["fr"]


async def test_new_images_are_told_and_taken_back_and_nothing_else(sandbox: Sandbox, shop: Cluster) -> None:
    result = await run(sandbox, "set image deployment/boutique web=nginx:1.27 side=busybox:1.37")
    assert told(result) == [
        "`deployment.apps/boutique` : image de `web` : nginx:1.25 → nginx:1.27 ; "
        "image de `side` : busybox:1.36 → busybox:1.37"
    ]
    assert not asks_first(result.changes)
    shop.kubectl("label", "deployment", "boutique", "saison=automne", IN_TEAM)
    undone = await sandbox.undo(result.changes, TRAINER)
    line = "kubectl set image deployment.apps/boutique -n equipe-bleue web=nginx:1.25 side=busybox:1.36"
    assert undone.line == line
    assert images(shop) == ["nginx:1.25", "busybox:1.36", "busybox:1.36"]
    assert get(shop, "deployment/boutique")["metadata"]["labels"]["saison"] == "automne"


async def test_all_containers_take_one_image_and_those_that_have_it_are_left_alone(
    sandbox: Sandbox, shop: Cluster
) -> None:
    result = await run(sandbox, "set image deployment/boutique *=busybox:1.36")
    assert told(result) == ["`deployment.apps/boutique` : image de `web` : nginx:1.25 → busybox:1.36"]
    again = await run(sandbox, "set image deployment/boutique *=busybox:1.36")
    assert (again.changes, again.stdout) == ((), "")
    assert again.explanation
    assert "y sont déjà" in again.explanation["fr"]


async def test_an_image_that_somebody_changed_since_is_not_taken_back(sandbox: Sandbox, shop: Cluster) -> None:
    result = await run(sandbox, "set image deployment/boutique web=nginx:1.27")
    shop.kubectl("set", "image", "deployment/boutique", "web=nginx:1.28", IN_TEAM)
    with pytest.raises(NotAllowed, match="changed since"):
        await sandbox.undo(result.changes, TRAINER)
    assert images(shop)[0] == "nginx:1.28"


async def test_what_is_kept_of_a_change_holds_no_secret(sandbox: Sandbox, shop: Cluster) -> None:
    lines = ("set image deployment/boutique web=nginx:1.27", "label deploy boutique a=b", "delete deploy boutique")
    for line in lines:
        assert "sesame" not in json.dumps([asdict(change) for change in (await preview(sandbox, line)).changes])


async def test_labels_are_told_and_taken_back_one_by_one(sandbox: Sandbox, shop: Cluster) -> None:
    shop.kubectl("label", "deployment", "boutique", "tier=front", "saison=automne", IN_TEAM)
    result = await run(sandbox, "label deployment boutique tier=back saison- cours=k8s rien- --overwrite")
    assert told(result) == [
        "`deployment.apps/boutique` : label `tier` : front → back ; label `cours=k8s` posé ; "
        "label `saison=automne` retiré"
    ]
    assert result.explanation is None
    shop.kubectl("label", "deployment", "boutique", "autre=1", IN_TEAM)
    undone = await sandbox.undo(result.changes, TRAINER)
    assert undone.line == (
        "kubectl label deployment.apps/boutique -n equipe-bleue tier=front cours- saison=automne --overwrite"
    )
    assert get(shop, "deployment/boutique")["metadata"]["labels"] == {
        "app": "boutique",
        "tier": "front",
        "saison": "automne",
        "autre": "1",
    }


async def test_the_only_label_is_put_back_though_none_is_left(sandbox: Sandbox, shop: Cluster) -> None:
    result = await run(sandbox, "label deployment boutique app-")
    await sandbox.undo(result.changes, TRAINER)
    assert get(shop, "deployment/boutique")["metadata"]["labels"] == {"app": "boutique"}


async def test_a_label_that_was_put_on_again_since_is_not_taken_back(sandbox: Sandbox, shop: Cluster) -> None:
    result = await run(sandbox, "label deployment boutique app-")
    shop.kubectl("label", "deployment", "boutique", "app=autre", IN_TEAM)
    with pytest.raises(NotAllowed, match="changed since"):
        await sandbox.undo(result.changes, TRAINER)


async def test_labels_on_several_objects_are_asked_about_and_taken_back_together(
    sandbox: Sandbox, shop: Cluster
) -> None:
    line = "label pods -l app=boutique tier=front"
    assert asks_first((await preview(sandbox, line)).changes)
    assert shop.kubectl("get", "pods", "--selector=tier=front", IN_TEAM, "--output=name") == ""
    result = await run(sandbox, line)
    assert len(result.changes) == 2
    await sandbox.undo(result.changes, TRAINER)
    assert shop.kubectl("get", "pods", "--selector=tier=front", IN_TEAM, "--output=name") == ""


async def test_a_deletion_is_asked_about_with_what_goes_too_and_is_final(sandbox: Sandbox, shop: Cluster) -> None:
    line = "delete deployment boutique"
    shown = await preview(sandbox, line)
    assert told(shown) == ["`deployment.apps/boutique` : supprimé avec ses 2 pods"]
    assert asks_first(shown.changes)
    assert (await preview(sandbox, line)).changes == shown.changes
    assert names(shop, "deployments") == ["deployment.apps/boutique"]
    result = await run(sandbox, line)
    assert result.changes == shown.changes
    assert names(shop, "deployments") == []
    assert not any(change.can_be_undone for change in result.changes)
    assert await sandbox.look_again(result.changes, TRAINER) is None


async def test_a_pod_that_comes_back_is_told_with_who_makes_it(sandbox: Sandbox, shop: Cluster) -> None:
    [first, second] = told(await preview(sandbox, "delete pods -l app=boutique"))
    assert "supprimé ; ReplicaSet `boutique-" in first
    assert "` en crée un autre" in second


async def test_what_is_gone_by_its_turn_stops_no_deletion_of_a_list(sandbox: Sandbox, shop: Cluster) -> None:
    result = await run(sandbox, "delete deploy,rs -l app=boutique")
    assert result.changes[0].kind == "deployment.apps"
    assert result.stderr == ""
    assert names(shop, "deployments") == []


@pytest.mark.parametrize(
    ("line", "seen", "look"),
    [
        ("expose deployment boutique --port=80", "Il mène à 2 pods prêts.", ""),
        ("expose deployment boutique --port=80 --name=vide --selector=app=rien", "aucun pod", "get pods --show-labels"),
    ],
)
async def test_a_new_service_says_what_it_leads_to_and_teaches_where_that_is_nothing(
    sandbox: Sandbox, shop: Cluster, line: str, seen: str, look: str
) -> None:
    changes = (await run(sandbox, line)).changes
    told = await sandbox.look_again(changes, TRAINER)
    assert told
    assert seen in told["fr"]
    lesson = await sandbox.lesson_after(changes, TRAINER)
    assert (lesson.command.startswith(look) and lesson.topic if lesson else "") == ("no-endpoints" if look else "")


async def test_a_service_before_pods_that_fail_says_so(sandbox: Sandbox, cluster: Cluster) -> None:
    await run(sandbox, "create deployment site --image=introuvable/site")
    cluster.kubectl("wait", "--for=create", "pods", "--selector=app=site", IN_TEAM, "--timeout=20s")
    lesson = await sandbox.lesson_after((await run(sandbox, "expose deployment site --port=80")).changes, TRAINER)
    assert lesson
    assert "Aucun des pods qui portent `app=site`" in lesson.text["fr"]
    assert lesson.command == f"get pods -l app=site -n {BLEUE}"


async def test_a_pod_without_a_node_is_told_with_its_reason_at_once(sandbox: Sandbox, shop: Cluster) -> None:
    patch = '{"spec":{"template":{"spec":{"nodeSelector":{"disque":"ssd"}}}}}'
    shop.kubectl("scale", "deployment", "boutique", "--replicas=0", IN_TEAM)
    shop.kubectl("patch", "deployment", "boutique", f"--patch={patch}", IN_TEAM)
    changes = (await run(sandbox, "scale deployment boutique --replicas=2")).changes
    told = await sandbox.look_again(changes, TRAINER)
    assert told
    assert told["fr"].startswith("0 pod prêt sur 2 ; `boutique-")
    assert "`FailedScheduling`" in told["fr"]
    lesson = await sandbox.lesson_after(changes, TRAINER)
    assert lesson
    assert lesson.topic == "pending"


async def test_what_appears_after_it_was_shown_is_not_touched(sandbox: Sandbox, shop: Cluster) -> None:
    command = await sandbox.parse("label services -l saison=hiver tier=front")
    expose = ("expose", "deployment", "boutique", "--port=80", IN_TEAM, "--labels=saison=hiver")
    shop.kubectl(*expose, "--name=avant")
    shown = await sandbox.preview(command, TRAINER, BLEUE)
    shop.kubectl(*expose, "--name=apres")
    done = await sandbox.run(command.limited_to(shown.changes), TRAINER, BLEUE)
    assert done.stdout == "service/avant labeled\n"
    assert done.line == shown.line
    assert names(shop, "services", "tier=front") == ["service/avant"]


async def test_what_took_the_name_of_what_was_shown_is_not_touched(sandbox: Sandbox, shop: Cluster) -> None:
    command = await sandbox.parse("delete services -l saison=hiver")
    expose = ("expose", "deployment", "boutique", "--port=80", IN_TEAM, "--labels=saison=hiver", "--name=avant")
    shop.kubectl(*expose)
    shown = await sandbox.preview(command, TRAINER, BLEUE)
    shop.kubectl("delete", "service", "avant", IN_TEAM)
    shop.kubectl(*expose)
    done = await sandbox.run(command.limited_to(shown.changes), TRAINER, BLEUE)
    assert (done.changes, done.status) == ((), 1)
    assert done.explanation
    assert "supprimé puis recréé" in done.explanation["fr"]
    assert names(shop, "services", "saison=hiver") == ["service/avant"]
