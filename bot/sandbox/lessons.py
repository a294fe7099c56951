"""What an object that failed teaches: why, in two sentences, and what to look at next. Pure."""

import re
from collections.abc import Iterable

from bot.language import Text
from bot.sandbox.admission import guard_of, reason_of
from bot.sandbox.objects import Thing, pick, selector
from bot.sandbox.result import Lesson

NOT_PULLED = ("ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "InvalidImageName")
WORKLOADS = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")
CRASHING, OUT_OF_MEMORY = "CrashLoopBackOff", "OOMKilled"

IMAGE_PULL = Text(
    "L'image {image} du pod `{pod}` ne peut pas être téléchargée : aucune ne porte ce nom et ce tag, ou son registre "
    "en refuse l'accès. Corrigez-la (`set image`) ; en attendant, Kubernetes réessaie, de plus en plus rarement.",
    "The image {image} of the pod `{pod}` cannot be pulled: there is none of that name and tag, or its registry "
    "denies access. Correct it (`set image`); until then Kubernetes tries again, less and less often.",
)
CRASH = Text(
    "Le conteneur `{container}` du pod `{pod}` démarre puis s'arrête (code {code}), et Kubernetes attend de plus en "
    "plus longtemps avant de le relancer. Ce qu'il a écrit juste avant de s'arrêter dit presque toujours pourquoi.",
    "The container `{container}` of the pod `{pod}` starts and then stops (code {code}), and Kubernetes waits longer "
    "and longer before it starts it again. What it wrote just before it stopped nearly always tells why.",
)
MEMORY = Text(
    "Le conteneur `{container}` du pod `{pod}` a voulu plus de mémoire que sa limite{limit}, et le nœud l'a arrêté "
    "(OOMKilled). Relevez `limits.memory`, ou faites-lui consommer moins : sinon cela recommencera.",
    "The container `{container}` of the pod `{pod}` wanted more memory than its limit{limit}, and the node stopped it "
    "(OOMKilled). Raise `limits.memory` or make it need less: else it happens again.",
)
PENDING = Text(
    "Le pod `{pod}` attend : {why}. Il démarrera de lui-même dès qu'un nœud lui conviendra.",
    "The pod `{pod}` is waiting: {why}. It starts by itself as soon as a node suits it.",
)
TOO_LITTLE = Text(
    "aucun nœud n'a assez de {what} libre pour ce qu'il réserve (`requests`)",
    "no node has enough free {what} for what it reserves (`requests`)",
)
NO_SUCH_NODE = Text(
    "aucun nœud ne porte les labels que demande son `nodeSelector` ou son affinité",
    "no node has the labels that its `nodeSelector` or its affinity asks for",
)
TAINTED = Text(
    "les nœuds repoussent les pods qui ne tolèrent pas leurs taints",
    "the nodes keep away pods that do not tolerate their taints",
)
NO_VOLUME = Text(
    "le volume qu'il réclame (PersistentVolumeClaim) n'existe pas ou n'est encore lié à aucun stockage",
    "the volume that it claims (PersistentVolumeClaim) does not exist or is not bound to any storage yet",
)
NO_NODE = Text("le scheduler ne lui trouve aucun nœud", "the scheduler finds no node for it")
# What the scheduler says, and the next thing to look at; ``{namespace}`` is the pod's.
CAUSES = (
    (re.compile(r"persistentvolumeclaim", re.IGNORECASE), NO_VOLUME, "get pvc -n {namespace}"),
    (re.compile(r"Insufficient (?P<what>\S+?)(?:[.,]|$)"), TOO_LITTLE, "describe nodes"),
    (re.compile(r"didn't match Pod's node (?:affinity|selector)"), NO_SUCH_NODE, "get nodes --show-labels"),
    (re.compile(r"untolerated taint"), TAINTED, "describe nodes"),
)
NOT_CREATED = Text(
    "Des pods de `{name}` n'ont pas été créés : {reason}. {advice}",
    "Pods of `{name}` were not created: {reason}. {advice}",
)
ADVICE = {
    "quota": Text(
        "Libérez de la place (moins de réplicas), ou demandez à un formateur de relever la limite.",
        "Free some room (fewer replicas), or ask a trainer to raise the limit.",
    ),
    "policy": Text(
        "Demandez à un formateur ce que ces règles permettent, puis corrigez le modèle de pod.",
        "Ask a trainer what these rules allow, then correct the pod template.",
    ),
    "pod-security": Text(
        "Ôtez du modèle de pod ce que l'événement nomme (`privileged`, `hostPath`…).",
        "Take out of the pod template what the event names (`privileged`, `hostPath`…).",
    ),
}
NO_ENDPOINTS = Text(
    "Le service `{service}` ne mène à aucun pod : aucun pod prêt ne porte `{selector}`, le label qu'il cherche. "
    "Comparez ce sélecteur aux labels de vos pods, et vérifiez qu'ils sont prêts.",
    "The service `{service}` leads to no pod: no pod that is ready has `{selector}`, the label that it looks for. "
    "Compare this selector with the labels of your pods, and see whether they are ready.",
)


def of_pod(pod: Thing, *, described: bool = False, logs: bool = True) -> Lesson | None:
    """``described``: the page of the pod was shown already; ``logs``: they are open to the person."""
    if pick(pod, "metadata.deletionTimestamp"):
        return None
    statuses = [*pick(pod, "status.initContainerStatuses", ()), *pick(pod, "status.containerStatuses", ())]
    look = f"events --types=Warning -n {pick(pod, 'metadata.namespace')}" if described else f"describe pod {named(pod)}"
    lessons = (of_container(pod, status, look, logs=logs) for status in statuses)
    return next(filter(None, lessons), None) or of_waiting(pod)


def of_container(pod: Thing, status: Thing, look: str, *, logs: bool) -> Lesson | None:
    waiting, name = pick(status, "state.waiting.reason"), pick(pod, "metadata.name")
    if waiting in NOT_PULLED:
        return Lesson(IMAGE_PULL.format(image=code(pick(status, "image")), pod=name), "image-pull", look)
    ended = pick(status, "lastState.terminated", {}) if waiting == CRASHING else pick(status, "state.terminated", {})
    if not (waiting == CRASHING or fails(pod, ended)):
        return None
    container = status["name"]
    if ended.get("reason") == OUT_OF_MEMORY:
        text = MEMORY.format(container=container, pod=name, limit=memory_limit(pod, container))
        return Lesson(text, "out-of-memory", look)
    text = CRASH.format(container=container, pod=name, code=ended.get("exitCode", "?"))
    return Lesson(text, "crash-loop", logs_of(pod, status) if logs else look)


def fails(pod: Thing, ended: Thing) -> bool:
    """A container that is to run for good ended with an error; one of a Job may be tried again by another pod."""
    return bool(ended.get("exitCode")) and pick(pod, "spec.restartPolicy", "Always") == "Always"


def logs_of(pod: Thing, status: Thing) -> str:
    several = len(pod["spec"]["containers"]) > 1 or pod["spec"].get("initContainers")
    container = f" -c {status['name']}" if several else ""
    return f"logs {named(pod)}{container}{' --previous' if status.get('restartCount') else ''}"


def memory_limit(pod: Thing, container: str) -> str:
    containers = (*pick(pod, "spec.initContainers", ()), *pod["spec"]["containers"])
    limits = (pick(one, "resources.limits.memory") for one in containers if one["name"] == container)
    return next((f" ({limit})" for limit in limits if limit), "")


def of_waiting(pod: Thing) -> Lesson | None:
    scheduled = without_node(pod)
    if scheduled is None:
        return None
    why, command = cause_of(str(scheduled.get("message", "")))
    namespace = pick(pod, "metadata.namespace")
    return Lesson(
        PENDING.format(pod=pick(pod, "metadata.name"), why=why), "pending", command.format(namespace=namespace)
    )


def without_node(pod: Thing) -> Thing | None:
    """The condition that says why the scheduler finds no node; before it has tried, a pod is only new."""
    conditions = pick(pod, "status.conditions", ())
    scheduled: Thing = next((one for one in conditions if one["type"] == "PodScheduled"), {})
    return scheduled if (scheduled.get("status"), scheduled.get("reason")) == ("False", "Unschedulable") else None


def cause_of(message: str) -> tuple[Text, str]:
    for shape, text, command in CAUSES:
        if said := shape.search(message):
            return text.format(**{key: code(value) for key, value in said.groupdict().items()}), command
    return NO_NODE, "describe nodes"


def of_workload(thing: Thing) -> Lesson | None:
    """One that says itself why it cannot create its pods."""
    conditions = pick(thing, "status.conditions", ())
    failed = (one for one in conditions if one["type"] == "ReplicaFailure" and one["status"] == "True")
    message = next((str(one.get("message", "")) for one in failed), "")
    guard = guard_of(message)
    if guard is None:
        return None
    name, namespace = pick(thing, "metadata.name"), pick(thing, "metadata.namespace")
    command = f"describe quota -n {namespace}" if guard == "quota" else f"events --types=Warning -n {namespace}"
    return Lesson(NOT_CREATED.format(name=name, reason=reason_of(message), advice=ADVICE[guard]), guard, command)


def lacks_pods(thing: Thing) -> bool:
    """Whether a workload has fewer ready pods than it is to have."""
    if thing["kind"] not in WORKLOADS:
        return False
    status = thing.get("status") or {}
    wanted = pick(thing, "spec.replicas", status.get("desiredNumberScheduled", 0))
    return bool(status.get("readyReplicas", status.get("numberReady", 0)) < wanted)


def of_service(service: Thing, slices: Iterable[Thing]) -> Lesson | None:
    """One that chooses pods, and has none."""
    labels = pick(service, "spec.selector", {})
    endpoints = (endpoint for one in slices for endpoint in one.get("endpoints") or ())
    if not labels or any(pick(endpoint, "conditions.ready", True) for endpoint in endpoints):
        return None
    chosen = selector({"matchLabels": labels})
    text = NO_ENDPOINTS.format(service=pick(service, "metadata.name"), selector=chosen)
    return Lesson(text, "no-endpoints", f"get pods -l {chosen} -n {pick(service, 'metadata.namespace')}")


def named(thing: Thing) -> str:
    return f"{pick(thing, 'metadata.name')} -n {pick(thing, 'metadata.namespace')}"


def code(text: str) -> str:
    """Inline, whatever is in it."""
    return "`{}`".format(text.replace("`", "'"))
