"""A look at a service that was just made: which pods it leads to, and what it teaches where there are none."""

from collections.abc import Sequence

from bot.language import Text
from bot.sandbox.api import Api
from bot.sandbox.changes import Change
from bot.sandbox.objects import Thing, is_ready, pick, selector
from bot.sandbox.person import Person
from bot.sandbox.result import Lesson

LEADS = (
    Text("Il mène à {count} pod prêt.", "It leads to {count} ready pod."),
    Text("Il mène à {count} pods prêts.", "It leads to {count} ready pods."),
)
NOWHERE = Text("Il ne mène encore à aucun pod.", "It leads to no pod yet.")
NONE_READY = Text(
    "Aucun des pods qui portent `{labels}`, le sélecteur du service `{service}`, n'est prêt. "
    "Il mènera à eux dès qu'ils le seront.",
    "None of the pods that have `{labels}`, the selector of the service `{service}`, is ready. "
    "It will lead to them as soon as they are.",
)
NO_POD = Text(
    "Aucun pod ne porte `{labels}`, le sélecteur du service `{service}`. Comparez-le aux labels de vos pods.",
    "No pod has `{labels}`, the selector of the service `{service}`. Compare it with the labels of your pods.",
)


def is_new_service(change: Change) -> bool:
    return change.kind == "service" and change.before is None


async def look_behind(api: Api, person: Person, change: Change) -> Text:
    """Raises Refused, Unavailable."""
    ready = sum(map(is_ready, await pods_behind(api, person, change)))
    return LEADS[ready > 1].format(count=ready) if ready else NOWHERE


async def learn_behind(api: Api, person: Person, change: Change) -> Lesson | None:
    """Raises Refused, Unavailable."""
    pods = await pods_behind(api, person, change)
    if any(map(is_ready, pods)):
        return None
    labels = labels_of(change)
    text = (NONE_READY if pods else NO_POD).format(labels=labels, service=change.name)
    chosen = f"-l {labels}" if pods else "--show-labels"
    return Lesson(text, "no-endpoints", f"get pods {chosen} -n {change.namespace}")


async def pods_behind(api: Api, person: Person, change: Change) -> Sequence[Thing]:
    path, query = f"/api/v1/namespaces/{change.namespace}/pods", [("labelSelector", labels_of(change))]
    return (await api.send(person, change.namespace, "GET", path, query=query)).object.get("items") or ()


def labels_of(change: Change) -> str:
    return selector({"matchLabels": pick(change.after, "spec.selector", {})})
