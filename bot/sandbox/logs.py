"""`logs`: of one pod, of the pod behind a workload, or of all pods with a label; the last lines of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language import Text
from bot.sandbox.ages import NEVER, read_time
from bot.sandbox.api import Refused
from bot.sandbox.commands import Logs
from bot.sandbox.errors import UsageError
from bot.sandbox.lessons import of_pod
from bot.sandbox.objects import Thing, pick, selector
from bot.sandbox.redaction import redact_text
from bot.sandbox.result import Lesson
from bot.sandbox.session import Failure, Said, Session
from bot.sandbox.table.kinds import PODS

MOST_LINES, MOST_BYTES = 2000, 1_000_000  # of one container
MOST_STREAMS = 20
LINES_OF_MANY = 10  # kubectl's tail with a selector
DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
GROUPS = (("containers", ""), ("ephemeralContainers", " (ephem)"), ("initContainers", " (init)"))
PHASES = {"Unknown": 1, "Pending": 2}

NO_PODS = Text(
    "`{name}` n'a aucun pod, donc aucun log. Regardez pourquoi : `/k8s describe {kind} {name}`.",
    "`{name}` has no pods, so there are no logs. See why: `/k8s describe {kind} {name}`.",
)
WRONG_CONTAINER = Text(
    "Le pod `{pod}` n'a pas de conteneur `{name}`. Il a : {names}. Exemple : `/k8s logs {pod} -c {first}`.",
    "The pod `{pod}` has no container `{name}`. It has: {names}. Example: `/k8s logs {pod} -c {first}`.",
)
NO_SELECTOR = Text(
    "Le service `{name}` n'a pas de sélecteur : aucun pod ne lui correspond. Nommez un pod : `/k8s get pods`.",
    "The service `{name}` has no selector: no pod belongs to it. Name a pod: `/k8s get pods`.",
)
NOT_STARTED = Text(
    "Le conteneur n'a pas encore démarré, il n'a donc rien écrit. Regardez pourquoi : `/k8s describe pod {pod}`.",
    "The container has not started yet, so it wrote nothing. See why: `/k8s describe pod {pod}`.",
)
NEVER_ENDED = Text(
    "Ce conteneur n'a pas encore été redémarré : il n'y a pas de logs d'avant. Sans `--previous` : `/k8s logs {pod}`.",
    "This container was not restarted yet: there are no logs from before. Without `--previous`: `/k8s logs {pod}`.",
)
NO_LOGS = Text(
    "Le cluster ne peut pas donner ces logs. L'état du pod dit souvent pourquoi : `/k8s describe pod {pod}`.",
    "The cluster cannot give these logs. The state of the pod often tells why: `/k8s describe pod {pod}`.",
)
CUT = Text(
    "Seulement le début des {count} dernières lignes : elles sont trop longues. Demandez-en moins : `--tail=20`.",
    "Only the beginning of the last {count} lines: they are too long. Ask for fewer: `--tail=20`.",
)
TOO_MANY = Text(
    "{count} conteneurs : seulement les {most} premiers. Choisissez-en un : `/k8s logs POD -c CONTAINER`.",
    "{count} containers: only the first {most}. Choose one: `/k8s logs POD -c CONTAINER`.",
)


@dataclass(frozen=True, slots=True)
class Stream:
    """The logs of one container of a pod."""

    pod: str
    container: str

    @property
    def prefix(self) -> str:
        return f"[pod/{self.pod}/{self.container}] "


async def logs(session: Session, command: Logs) -> Said:
    """Raises NotAllowed before any call, UsageError, Unavailable."""
    kind = command.target.resource.kind if command.target else PODS
    session.places.check(session.person, command, kind, session.namespace)
    notes: list[str] = []
    try:
        pods = await find_pods(session, command, notes)
    except Refused as error:
        return Said(failures=(not_found(session, command, error),))
    try:
        streams = [stream for pod in pods for stream in streams_of(command, pod, notes)]
    except UsageError as error:
        return Said(notes=tuple(notes), failures=(Failure(error, session.resource(PODS), session.namespace),))
    if not pods:
        notes.append(f"No resources found in {session.namespace} namespace.")
    remark = TOO_MANY.format(count=len(streams), most=MOST_STREAMS) if len(streams) > MOST_STREAMS else None
    done = ""
    for stream in streams[:MOST_STREAMS]:
        try:
            text = await read(session, command, stream)
        except Refused as error:
            [pod] = (pod for pod in pods if pod["metadata"]["name"] == stream.pod)
            lesson = None if command.words.switch("previous") else of_pod(pod)
            failure = Failure(explained(error, stream, lesson), session.resource(PODS), session.namespace)
            return Said(done, tuple(notes), (failure,), remark, lesson=lesson)
        done += with_prefix(text, stream.prefix) if command.prefix else text
        if len(text.encode()) >= MOST_BYTES:
            remark = CUT.format(count=lines_of(command))
    return Said(redact_text(done), tuple(notes), remark=remark)


def not_found(session: Session, command: Logs, error: Refused) -> Failure:
    resource = command.target.resource if command.target else session.resource(PODS)
    missing = f'error: error from server (NotFound): {error} in namespace "{session.namespace}"'
    stderr = missing if error.reason == "NotFound" else ""
    return Failure(error, resource, session.namespace, stderr)


async def find_pods(session: Session, command: Logs, notes: list[str]) -> Sequence[Thing]:
    """The pods to read, and in ``notes`` which one of several was chosen. Raises Refused, UsageError."""
    namespace = session.namespace
    if command.target is None:
        return await session.list(session.resource(PODS), namespace, labels=command.selector)
    thing = await session.read(command.target.resource, namespace, command.target.name)
    if command.target.resource.kind == PODS:
        return [thing]
    pods = await session.list(session.resource(PODS), namespace, labels=labels_of(thing))
    if not pods:
        text = NO_PODS.format(kind=command.target.resource.singular, name=command.target.name)
        raise UsageError(text, "error: timed out waiting for the condition")
    pods.sort(key=most_telling)
    if len(pods) == 1 or command.all_pods:
        return pods
    notes.append(f"Found {len(pods)} pods, using pod/{pods[0]['metadata']['name']}")
    return pods[:1]


def labels_of(thing: Thing) -> str:
    """The selector of the pods behind a workload or service; raises UsageError for a service without one."""
    wanted = pick(thing, "spec.selector", {})
    if thing["kind"] not in ("Service", "ReplicationController"):
        return selector(wanted)
    name = thing["metadata"]["name"]
    if not wanted and thing["kind"] == "Service":
        problem = f"invalid service '{name}': Service is defined without a selector"
        raise UsageError(NO_SELECTOR.format(name=name), f"error: cannot get the logs from *v1.Service: {problem}")
    return selector({"matchLabels": wanted})


def most_telling(pod: Thing) -> tuple[Any, ...]:
    """kubectl's order: on a node, running, ready and for long, with many restarts, old."""
    ready: Thing = next((one for one in pick(pod, "status.conditions", ()) if one["type"] == "Ready"), {})
    is_ready = ready.get("status") == "True"
    restarts = max((status.get("restartCount", 0) for status in pick(pod, "status.containerStatuses", ())), default=0)
    return (
        not pick(pod, "spec.nodeName"),
        PHASES.get(pick(pod, "status.phase"), 0),
        not is_ready,
        read_time(ready.get("lastTransitionTime")) if is_ready else NEVER,
        -restarts,
        read_time(pick(pod, "metadata.creationTimestamp")),
    )


def streams_of(command: Logs, pod: Thing, notes: list[str]) -> Iterable[Stream]:
    """Which containers of ``pod``; raises UsageError for one that it has not."""
    name, spec = pod["metadata"]["name"], pod["spec"]
    by_group = {key: [str(one["name"]) for one in spec.get(key) or ()] for key, _ in GROUPS}
    if command.all_containers:
        in_order = (*by_group["initContainers"], *by_group["containers"], *by_group["ephemeralContainers"])
        return [Stream(name, container) for container in in_order]
    names = [container for found in by_group.values() for container in found]
    out_of = ", ".join(f"{container}{mark}" for key, mark in GROUPS for container in by_group[key])
    container = command.container
    preferred = pick(pod, "metadata.annotations", {}).get(DEFAULT_CONTAINER, "")
    if not container and preferred in names:
        container = preferred
    elif not container and preferred:
        notes.append(f'Default container name "{preferred}" not found in pod {name}')
    if not container:
        container = by_group["containers"][0]
        if len(names) > 1 and not command.all_pods:
            notes.append(f'Defaulted container "{container}" out of: {out_of}')
    if container not in names:
        listed = ", ".join(f"`{one}`" for one in names)
        text = WRONG_CONTAINER.format(pod=name, name=container, names=listed, first=names[0])
        raise UsageError(text, f"error: container {container} is not valid for pod {name} out of: {out_of}")
    return [Stream(name, container)]


async def read(session: Session, command: Logs, stream: Stream) -> str:
    """Raises Refused, Unavailable."""
    query = [("container", stream.container), ("tailLines", str(lines_of(command))), ("limitBytes", str(MOST_BYTES))]
    query += [("sinceSeconds", str(command.since))] if command.since else []
    query += [(name, "true") for name in ("previous", "timestamps") if command.words.switch(name)]
    path = session.resource(PODS).path(session.namespace, stream.pod, "log")
    return await session.api.read_text(session.person, session.namespace, path, query)


def lines_of(command: Logs) -> int:
    asked = command.tail if command.tail is not None else (-1 if command.target else LINES_OF_MANY)
    return MOST_LINES if asked < 0 else min(asked, MOST_LINES)


def with_prefix(text: str, prefix: str) -> str:
    return "".join(prefix + line for line in text.splitlines(keepends=True))


def explained(error: Refused, stream: Stream, lesson: Lesson | None) -> Refused | UsageError:
    """Where the container never ran, the state of its pod tells more."""
    if error.reason != "BadRequest":
        return error
    stderr = f"Error from server (BadRequest): {error}"
    reasons: Mapping[str, Text] = {
        "waiting to start": NOT_STARTED,
        "host assigned": NOT_STARTED,
        "previous": NEVER_ENDED,
    }
    text = next((text for words, text in reasons.items() if words in str(error)), NO_LOGS)
    if text is NOT_STARTED and lesson:
        return UsageError(lesson.text, stderr)
    return UsageError(text.format(pod=stream.pod), stderr)
