"""What RBAC allows is still bounded: replicas, services, images, secrets, quota, pod security; in a student's words."""

import json
import shlex
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

import pytest

from bot.playground.controlplane import Cluster, ToolFailed
from tests.api import TRAINER, Answer, Api, Headers, bot_api, student
from tests.cluster import TEAMS, install_chart

pytestmark = pytest.mark.cluster
TEAM = TEAMS[0]
NAMESPACE = f"--namespace={TEAM}"
SERVICES = f"/api/v1/namespaces/{TEAM}/services"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{TEAM}/deployments"
SCALE = f"{DEPLOYMENTS}/atelier/scale"
APPS = {"Deployment": "apps/v1", "ReplicaSet": "apps/v1", "StatefulSet": "apps/v1", "ReplicationController": "v1"}


@pytest.fixture(scope="module")
def cluster(older_cluster: Cluster) -> Iterator[Cluster]:
    """No other tests look at this one, so that its quota is free."""
    older_cluster.kubectl("create", "deployment", "atelier", "--image=nginx", NAMESPACE)
    yield older_cluster
    older_cluster.kubectl("delete", "deployments,services", "--all", NAMESPACE)


@pytest.fixture
async def api(cluster: Cluster) -> AsyncIterator[Api]:
    async with bot_api(cluster) as api:
        yield api


async def scale(api: Api, replicas: int, query: str = "") -> Answer:
    return await api.ask("PATCH", SCALE + query, TRAINER, {"spec": {"replicas": replicas}})


async def expose(api: Api, name: str = "atelier", port: int = 80, dry_run: bool = True, **spec: object) -> Answer:
    service = {
        "metadata": {"name": name},
        "spec": {"selector": {"app": "atelier"}, "ports": [{"port": port}], **spec},
    }
    return await api.ask("POST", SERVICES + ("?dryRun=All" if dry_run else ""), TRAINER, service)


@pytest.mark.parametrize("query", ["", "?dryRun=All"])
async def test_a_scale_beyond_the_limit_is_refused_with_the_limit(api: Api, query: str) -> None:
    answer = await scale(api, 50, query)
    assert answer.status == 422
    assert "10 réplicas au plus dans le bac à sable, 50 demandés" in answer.message
    assert "at most 10 replicas in the sandbox, 50 asked for" in answer.message


@pytest.mark.parametrize("replicas", [0, 10, 1])
async def test_a_scale_within_the_limit_works(api: Api, replicas: int) -> None:
    assert (await scale(api, replicas)).status == 200


@pytest.mark.parametrize("kind", APPS)
def test_nobody_creates_a_controller_beyond_the_limit(cluster: Cluster, kind: str) -> None:
    labels = {"app": "atelier"}
    manifest = {
        "apiVersion": APPS[kind],
        "kind": kind,
        "metadata": {"name": "trop", "namespace": TEAM},
        "spec": {
            "replicas": 11,
            "selector": labels if kind == "ReplicationController" else {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "nginx", "image": "nginx"}]}},
        },
    }
    with pytest.raises(ToolFailed, match="at most 10 replicas in the sandbox, 11 asked for"):
        cluster.kubectl("create", "--filename=-", "--dry-run=server", stdin=json.dumps(manifest))


async def test_what_was_there_before_the_limits_came_may_stay_and_shrink_but_not_grow(
    api: Api, cluster: Cluster
) -> None:
    await scale(api, 10)
    cluster.kubectl("create", "deployment", "ancien", "--image=perl", NAMESPACE)
    install_chart(cluster, "impersonation=legacy", "sandbox.images={nginx}", max_replicas=5)
    try:
        assert ((await scale(api, 9)).status, (await scale(api, 10)).status) == (200, 422)
        assert (await create(api, deployment(images=["perl"]))).status == 422
        cluster.kubectl("set", "env", "deployment/ancien", "A=b", NAMESPACE)
        cluster.kubectl("label", "deployment", "ancien", "course=k8s", NAMESPACE)
    finally:
        install_chart(cluster, "impersonation=legacy")


@pytest.mark.parametrize("kind", ["LoadBalancer", "ExternalName"])
async def test_other_types_of_service_are_refused(api: Api, kind: str) -> None:
    answer = await expose(api, type=kind, externalName="example.org")
    assert answer.status == 422
    assert f"ClusterIP ou NodePort seulement, {kind} demandé" in answer.message
    assert f"ClusterIP or NodePort only, {kind} asked for" in answer.message


async def test_external_addresses_are_refused(api: Api) -> None:
    answer = await expose(api, externalIPs=["192.0.2.1"])
    assert (answer.status, "no externalIPs in the sandbox" in answer.message) == (422, True)


@pytest.mark.parametrize("port", [22, 2379, 2380, 6443, 10250])
async def test_the_nodes_own_ports_are_refused(api: Api, port: int) -> None:
    answer = await expose(api, port=port)
    assert (answer.status, "those of the cluster's nodes" in answer.message) == (422, True)


def deployment(
    name: str = "neuf", images: Iterable[str] = ("nginx",), pod: Mapping[str, object] | None = None
) -> dict[str, object]:
    containers = [{"name": f"c{number}", "image": image} for number, image in enumerate(images)]
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": TEAM},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": containers, **(pod or {})}},
        },
    }


async def create(api: Api, thing: Mapping[str, object], who: Headers = TRAINER) -> Answer:
    return await api.ask("POST", f"{DEPLOYMENTS}?dryRun=All", who, thing)


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "nginx:1.27",
        "nginx:1.27-alpine_x.y",
        "nginx@sha256:" + "a" * 64,
        "nginx:1@sha256:" + "0" * 64,
        "monachus/rancher-demo",
        "monachus/deep/er:v1",
    ],
)
async def test_an_image_of_the_list_may_run(api: Api, image: str) -> None:
    assert (await create(api, deployment(images=[image]))).status == 201


@pytest.mark.parametrize(
    "image",
    [
        "mineur",
        "nginxx",
        "xnginx",
        "evil/nginx",
        "nginx/evil",
        "docker.io/library/nginx",
        "nginx:",
        "nginx:a b",
        "nginx@sha256:abc",
        "nginx@md5:" + "a" * 32,
        "NGINX",
        "monachus/",
        "monachus/x@evil",
        "evil.example/monachus/x",
        "monachus:5000/x",
        "nginx:1|mineur",
    ],
)
async def test_another_image_is_refused_with_those_that_may_run(api: Api, image: str) -> None:
    answer = await create(api, deployment(images=["nginx", image]))
    assert answer.status == 422
    assert f"image {image} refusée ; permises : " in answer.message
    assert f"image {image} refused; allowed are: busybox, " in answer.message


@pytest.mark.parametrize("where", ["initContainers", "containers"])
async def test_every_container_is_looked_at(api: Api, where: str) -> None:
    containers = [{"name": "z", "image": "mineur"}]
    thing = deployment(pod={where: containers})
    assert (await create(api, thing)).status == 422


@pytest.mark.parametrize(
    "line",
    [
        "run un --image=mineur",
        "create job un --image=mineur",
        "create cronjob un --image=mineur --schedule='* * * * *'",
        "set image deployment/atelier nginx=mineur",
        "debug {pod} --image=mineur --attach=false --profile=baseline",
    ],
)
def test_nobody_runs_another_image_by_another_way(cluster: Cluster, line: str) -> None:
    pod = cluster.kubectl("get", "pods", "--output=name", NAMESPACE).split()[0]
    with pytest.raises(ToolFailed, match="image mineur refused"):
        cluster.kubectl(*shlex.split(line.format(pod=pod)), NAMESPACE)


SECRET_VOLUME = [{"name": "v", "secret": {"secretName": "s"}}]
TOKEN_VOLUME = [{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}]


@pytest.mark.parametrize(
    "pod",
    [
        {"containers": [{"name": "c", "image": "nginx", "envFrom": [{"secretRef": {"name": "s"}}]}]},
        {
            "containers": [
                {
                    "name": "c",
                    "image": "nginx",
                    "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
                }
            ]
        },
        {"initContainers": [{"name": "i", "image": "nginx", "envFrom": [{"secretRef": {"name": "s"}}]}]},
        {"volumes": SECRET_VOLUME},
        {"volumes": TOKEN_VOLUME},
        {"serviceAccountName": "builder"},
        {"imagePullSecrets": [{"name": "s"}]},
    ],
    ids=["envFrom", "env", "initContainers", "secret volume", "projected volume", "account", "pull secret"],
)
async def test_pods_made_from_slack_use_no_secret_and_no_account(
    api: Api, cluster: Cluster, pod: dict[str, object]
) -> None:
    thing = deployment(pod=pod)
    for who in (TRAINER, student(TEAM)):
        answer = await create(api, thing, who)
        assert answer.status in (403, 422)
    assert "no secret and no service account" in (await create(api, thing)).message
    cluster.kubectl("create", "--filename=-", "--dry-run=server", stdin=json.dumps(thing))


async def test_what_an_administrator_made_with_a_secret_may_still_be_labelled(api: Api, cluster: Cluster) -> None:
    cluster.kubectl("create", "--filename=-", stdin=json.dumps(deployment("prive", pod={"volumes": SECRET_VOLUME})))
    patch = {"metadata": {"labels": {"course": "k8s"}}}
    assert (await api.ask("PATCH", f"{DEPLOYMENTS}/prive", TRAINER, patch)).status == 200


async def test_five_node_ports_work_and_a_sixth_exceeds_the_quota(api: Api) -> None:
    answers = [await expose(api, f"vitrine-{number}", type="NodePort", dry_run=False) for number in range(6)]
    assert [answer.status for answer in answers] == [201] * 5 + [403]
    assert "exceeded quota: sandbox, requested: services.nodeports=1" in answers[5].message


def test_pods_that_ask_for_nothing_get_the_sandboxs_defaults_and_no_token(cluster: Cluster) -> None:
    cluster.kubectl("rollout", "status", "deployment/atelier", NAMESPACE, "--timeout=30s")
    pod = json.loads(cluster.kubectl("get", "pods", "--output=json", NAMESPACE))["items"][0]["spec"]
    assert pod["containers"][0]["resources"] == {
        "limits": {"cpu": "200m", "memory": "128Mi"},
        "requests": {"cpu": "20m", "memory": "64Mi"},
    }
    assert "volumeMounts" not in pod["containers"][0]


def test_a_privileged_pod_is_refused(cluster: Cluster) -> None:
    with pytest.raises(ToolFailed, match='violates PodSecurity "baseline:latest": privileged'):
        cluster.kubectl("run", "racine", "--image=nginx", "--privileged", "--dry-run=server", NAMESPACE)
