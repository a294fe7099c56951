"""Taking a change back, where the object still is as the change left it.

The resourceVersion says nothing about that (it moves with every status): the uid and the written fields do. The fresh
version goes with the write, so that nobody's change in between is lost.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.errors import NotAllowed
from bot.language import Text
from bot.sandbox.api import Refused
from bot.sandbox.changes import Change
from bot.sandbox.discovery import Resource
from bot.sandbox.table.rollout import UNDO
from bot.sandbox.telling import replicas
from bot.sandbox.writing.rollback import return_to
from bot.sandbox.writing.writer import Writer, again_on_conflict

GONE = Text(
    "`{thing}` n'existe plus : il n'y a rien à annuler.", "`{thing}` is not there any more: there is nothing to undo."
)
ANOTHER = Text(
    "`{thing}` a été supprimé puis recréé : ce n'est plus le même objet, et rien n'a été annulé.",
    "`{thing}` was deleted and created again: it is not the same object any more, and nothing was undone.",
)
OTHER_COUNT = Text(
    "`{thing}` a été changé depuis : il devait avoir {left} réplicas, il en a {found}. Rien n'a été annulé.",
    "`{thing}` was changed since: it should have {left} replicas and has {found}. Nothing was undone.",
)
CHANGED = Text(
    "`{thing}` a été changé depuis. Rien n'a été annulé ; regardez-le : `/k8s get {thing} -n {namespace} -o yaml`.",
    "`{thing}` was changed since. Nothing was undone; look at it: `/k8s get {thing} -n {namespace} -o yaml`.",
)


async def undo(writer: Writer, resource: Resource, change: Change) -> Change:
    """Returns what that changed. Raises NotAllowed where the object is not as it was left, Refused, Unavailable."""
    return await again_on_conflict(partial(put_back, writer, resource, change))


async def put_back(writer: Writer, resource: Resource, change: Change) -> Change:
    found = await find_same(writer, resource, change)
    back = return_to if change.verb == UNDO.name else write_back
    if not await back(writer, resource, found, change):
        raise NotAllowed(told(change, found))
    return change.inverse


async def write_back(writer: Writer, resource: Resource, found: Mapping[str, Any], change: Change) -> bool:
    """False, and nothing is done, where the fields are not as they were left."""
    if not change.fits(change.after, found):
        return False
    version = found["metadata"]["resourceVersion"]
    if change.before is None:
        await writer.delete(resource, change.name, {"uid": change.uid, "resourceVersion": version})
    else:
        metadata = {**change.before.get("metadata", {}), "resourceVersion": version}
        await writer.patch(resource, change.name, change.verb, {**change.before, "metadata": metadata})
    return True


async def find_same(writer: Writer, resource: Resource, change: Change) -> Mapping[str, Any]:
    try:
        found = (await writer.send("GET", resource.path(change.namespace, change.name))).object
    except Refused as error:
        if error.reason == "NotFound":
            raise NotAllowed(GONE.format(thing=change.thing)) from error
        raise
    if found["metadata"]["uid"] != change.uid:
        raise NotAllowed(ANOTHER.format(thing=change.thing))
    return found


def told(change: Change, found: Mapping[str, Any]) -> Text:
    left, now = replicas(change.after or {}), replicas(found)
    if left in (None, now):
        return CHANGED.format(thing=change.thing, namespace=change.namespace)
    return OTHER_COUNT.format(thing=change.thing, left=left, found=now)
