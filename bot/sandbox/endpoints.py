"""A look at a service that was just made: which pods it leads to."""

from bot.language import Text
from bot.sandbox.api import Api
from bot.sandbox.changes import Change
from bot.sandbox.objects import is_ready, pick, selector
from bot.sandbox.person import Person

LEADS = (
    Text("Il mène à {count} pod prêt.", "It leads to {count} ready pod."),
    Text("Il mène à {count} pods prêts.", "It leads to {count} ready pods."),
)
NONE_READY = Text(
    "Il ne mène encore à rien : aucun des pods qui portent `{labels}` n'est prêt. Regardez-les : "
    "`/k8s get pods -l {labels} -n {namespace}`.",
    "It leads nowhere yet: none of the pods that have `{labels}` is ready. Look at them: "
    "`/k8s get pods -l {labels} -n {namespace}`.",
)
NO_POD = Text(
    "Il ne mène à rien : aucun pod ne porte `{labels}`, son sélecteur. Comparez avec les labels de vos pods : "
    "`/k8s get pods --show-labels -n {namespace}`.",
    "It leads nowhere: no pod has `{labels}`, its selector. Compare it with the labels of your pods: "
    "`/k8s get pods --show-labels -n {namespace}`.",
)


def is_new_service(change: Change) -> bool:
    return change.kind == "service" and change.before is None


async def look_behind(api: Api, person: Person, change: Change) -> Text:
    """Raises Refused, Unavailable."""
    labels = selector({"matchLabels": pick(change.after, "spec.selector", {})})
    path, query = f"/api/v1/namespaces/{change.namespace}/pods", [("labelSelector", labels)]
    pods = (await api.send(person, change.namespace, "GET", path, query=query)).object.get("items") or ()
    if ready := sum(map(is_ready, pods)):
        return LEADS[ready > 1].format(count=ready)
    return (NONE_READY if pods else NO_POD).format(labels=labels, namespace=change.namespace)
