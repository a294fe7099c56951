"""The same command line through kubectl and through the sandbox, on the same objects: word for word the same."""

import asyncio
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox, UsageError
from tests.cluster import TEAMS
from tests.sandbox.conftest import TRAINER

pytestmark = pytest.mark.cluster
TEAM = TEAMS[0]
OBJECTS = Path(__file__).parent / "golden.yaml"
AS_TRAINER = (
    "--as=timonier:trainer",
    "--as-group=timonier:trainers",
    "--as-user-extra=timonier.dev/slack-user-id=U0TRAINER",
)
TRIES = 5  # an age or a resourceVersion may move between the two

READS = """
get pods
get pod
get po
get Pods
get PODS
get pods -o wide
get pods --show-labels
get pods -o wide --show-labels
get pods -l app=demonstration
get pods -l app=nothing
get pods -l 'app in (demonstration, golden-set)' --show-labels=true
get pods -l '!app'
get pods -l 'app in demonstration'
get pods -o name
get pods -l app=nothing -o name
get pods -l app=nothing -o yaml
get pods -l app=nothing -o json
get pods -o yaml
get pods -o=json
get po -ojson -l app=demonstration
get deployment demonstration
get deployment/demonstration
get deployments.apps demonstration
get deployments.v1.apps demonstration
get Deployment demonstration -o yaml
get deploy demonstration -o json
get deploy demonstration -oname
get deploy,svc
get deploy,svc,cm -l golden=yes
get services,pods -o name
get services,deploy -o json
get rs,deploy -o wide
get deploy/demonstration svc/golden-service
get deploy/demonstration deploy/golden-ports
get deploy/demonstration svc/golden-service -o yaml
get deploy demonstration golden-ports
get deploy demonstration nothing
get deploy nothing
get deploy nothing nobody
get deploy nothing -o json
get deploy demonstration nothing -o yaml
get deploy,svc golden-service
get deploy/nothing svc/golden-service
get all
get all -o name
get all -n kube-system
get all -l golden=yes -o wide
get cm golden-strings -o yaml
get cm golden-strings -o json
get configmaps
get cm -o wide --show-labels
get statefulsets -o yaml
get sts,ds,cj
get ds golden-daemon -o wide
get daemonset.apps/golden-daemon -o json
get cronjobs -o yaml
get cj -o wide
get hpa -o yaml
get hpa
get ingress -o yaml
get ing
get ingresses.networking.k8s.io -o wide
get ing.networking golden-ingress
get endpointslices -l kubernetes.io/service-name=golden-service
get ep golden-service
get netpol
get quota
get resourcequotas -o yaml
get limits -o json
get pvc
get jobs
get rc
get svc -o wide
get svc golden-service -o yaml
get replicasets -o wide
get nodes
get node -o wide
get no --show-labels
get nodes -o json
get nodes -o name
get nodes -l nothing=here
get nodes,pods
get namespace equipe-rouge
get ns equipe-rouge -o yaml
get ns/equipe-rouge deploy/demonstration
get pods -n kube-system
get pods -n=kube-system
get pods -nkube-system
get pods --namespace kube-system
-n kube-system get pods
get deploy -n equipe-bleue -o wide
get nosuch
get pod/a/b
get pod deploy/demonstration
get pods/
get deploy demonstration -l app=demonstration
get deploy demonstration -A
get pods -o json --show-labels
get nosuch.apps
get
get pods --nosuch
get pods -z
get pods -o
get pods --output
frobnicate
""".strip().splitlines()

WRITES = """
scale deployment demonstration --replicas=2
scale deploy/demonstration --replicas 3
scale deploy demonstration --replicas=2 --current-replicas=7
scale deploy demonstration --replicas=3 --current-replicas=2
scale deploy demonstration --replicas=2 --current-replicas=-1
scale deploy/demonstration deploy/golden-ports --replicas=1
scale deploy demonstration golden-ports --replicas=1
scale deploy nothing --replicas=1
scale deploy/nothing deploy/demonstration --replicas=1
scale deploy/nothing --replicas=1 --current-replicas=3
scale sts golden-set --replicas=2
scale statefulset/golden-set --replicas=0 --current-replicas=1
scale deploy demonstration --replicas=50
scale deploy/nothing deploy/demonstration deploy/golden-ports --replicas=50
scale deploy demonstration
scale deploy demonstration --replicas=-1
scale deploy --replicas=1
scale --replicas=1
expose deployment demonstration --port=80 --name=vitrine
expose deploy/demonstration --port 80 --target-port 8080 --name vitrine
expose deployment demonstration --port=80 --type=NodePort --name=vitrine
expose deployment demonstration --port=80,443 --name=vitrine
expose deployment demonstration --port=53 --protocol=UDP --name=vitrine
expose deployment demonstration --port=80 --target-port=web --name=vitrine
expose deployment demonstration --port=80 --selector=app=a,tier=b --name=vitrine
expose deployment golden-ports --name=vitrine
expose deployment golden-ports --port=53 --name=vitrine
expose deployment golden-ports --port=80 --name=vitrine
expose service golden-service --name=vitrine
expose svc golden-service --port=8080 --name=vitrine
expose svc golden-bare --name=vitrine
expose deployment demonstration --name=vitrine
expose deployment demonstration --port=70000 --name=vitrine
expose deployment demonstration --port=80 --type=Foo --name=vitrine
expose deployment demonstration --port=80 --type=LoadBalancer --name=vitrine
expose deployment demonstration --port=80 --protocol=FOO --name=vitrine
expose deployment demonstration --port=80 --name=golden-service
expose deployment demonstration --port=80 --target-port=A_B --name=vitrine
expose deployment demonstration --port=http --name=vitrine
expose deployment demonstration --port=80 --selector=app --name=vitrine
expose deployment nothing --port=80 --name=vitrine
expose deployment --port=80
expose --port=80
""".strip().splitlines()


@dataclass(frozen=True, slots=True)
class Said:
    stdout: str
    stderr: str
    status: int


@pytest.fixture(scope="module")
def cluster(sandbox_cluster: Cluster) -> Iterator[Cluster]:
    """With the golden objects in the team's namespace, settled."""
    sandbox_cluster.kubectl("create", f"--filename={OBJECTS}", f"--namespace={TEAM}")
    for kind in ("deployment/golden-ports", "statefulset/golden-set", "daemonset/golden-daemon"):
        sandbox_cluster.kubectl("rollout", "status", kind, f"--namespace={TEAM}", "--timeout=60s")
    yield sandbox_cluster
    sandbox_cluster.kubectl("delete", f"--filename={OBJECTS}", f"--namespace={TEAM}", "--wait=false")


@pytest.fixture
def fresh(cluster: Cluster) -> Cluster:
    forget_writes(cluster)
    return cluster


def forget_writes(cluster: Cluster) -> None:
    scale = ("scale", "deployment/demonstration", "deployment/golden-ports", "statefulset/golden-set")
    cluster.kubectl("delete", "service", "vitrine", f"--namespace={TEAM}", "--ignore-not-found")
    cluster.kubectl(*scale, "--replicas=2", f"--namespace={TEAM}")


async def ask_kubectl(cluster: Cluster, line: str) -> Said:
    """An administrator's kubectl with a trainer's rights: the bot's token may not discover as a trainer."""
    words = shlex.split(line)
    verb = 0 if words[0].startswith("-") else 1
    flags = (f"--kubeconfig={cluster.kubeconfig}", *AS_TRAINER, f"--namespace={TEAM}")
    command = (*words[:verb], *flags, *words[verb:])
    process = await asyncio.create_subprocess_exec(
        cluster.binaries / "kubectl", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    stdout, stderr = await process.communicate()
    return Said(stdout.decode(), stderr.decode(), process.returncode or 0)


async def ask_sandbox(sandbox: Sandbox, line: str) -> Said:
    try:
        result = await sandbox.run(await sandbox.parse(line), TRAINER, TEAM)
    except UsageError as error:
        return Said("", f"{error.stderr}\n", 1)
    return Said(result.stdout, result.stderr, result.status)


@pytest.mark.parametrize("line", READS)
async def test_a_read_is_word_for_word_kubectls(cluster: Cluster, sandbox: Sandbox, line: str) -> None:
    for _ in range(TRIES):
        theirs = await ask_kubectl(cluster, line)
        ours = await ask_sandbox(sandbox, line)
        if ours == theirs:
            break
    assert ours == theirs


@pytest.mark.parametrize("line", WRITES)
async def test_a_write_is_word_for_word_kubectls(fresh: Cluster, sandbox: Sandbox, line: str) -> None:
    theirs = await ask_kubectl(fresh, line)
    made = fresh.kubectl("get", "services", "vitrine", "--ignore-not-found", "--output=yaml", f"--namespace={TEAM}")
    forget_writes(fresh)
    ours = await ask_sandbox(sandbox, line)
    same = fresh.kubectl("get", "services", "vitrine", "--ignore-not-found", "--output=yaml", f"--namespace={TEAM}")
    assert ours == theirs
    assert without_identity(same) == without_identity(made)


def without_identity(service: str) -> list[str]:
    """What the API server makes up for each new service."""
    made_up = ("uid:", "resourceVersion:", "creationTimestamp:", "clusterIP:", "nodePort:", "- nodePort:", "- 10.0.0.")
    return [line for line in service.splitlines() if not line.strip().startswith(made_up)]
