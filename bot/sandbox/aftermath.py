"""Whether a change was made, by a look at its object: what can be said of a write that a stop cut off."""

from collections.abc import Mapping
from typing import Any

from bot.language import Text
from bot.sandbox.api import Api, Refused
from bot.sandbox.changes import Change
from bot.sandbox.discovery import Resource
from bot.sandbox.person import Person

MADE = Text("{change}. C'est fait.", "{change}. It is done.")
NOT_MADE = Text(
    "`{thing}` est resté comme avant : ce n'est pas fait.", "`{thing}` is as it was before: it is not done."
)
NEVER_MADE = Text("`{thing}` n'existe pas : ce n'est pas fait.", "`{thing}` does not exist: it is not done.")
STILL_THERE = Text("`{thing}` est encore là : ce n'est pas fait.", "`{thing}` is still there: it is not done.")
OTHERWISE = Text(
    "`{thing}` n'est ni comme avant ni comme demandé : quelqu'un l'a changé depuis.",
    "`{thing}` is neither as it was nor as you asked: someone has changed it since.",
)
GONE = Text(
    "`{thing}` n'existe plus : quelqu'un l'a supprimé depuis.", "`{thing}` is gone: someone has deleted it since."
)
HIDDEN = Text(
    "`{thing}` : vous n'avez pas le droit de le regarder, je ne sais donc pas si c'est fait.",
    "`{thing}`: you may not look at it, so I do not know whether it is done.",
)


async def look(api: Api, person: Person, resource: Resource, change: Change) -> Text:
    """Under the person's own rights. Raises Unavailable."""
    try:
        path = resource.path(change.namespace, change.name)
        found = (await api.send(person, change.namespace, "GET", path)).object
    except Refused as error:
        if error.reason != "NotFound":
            return HIDDEN.format(thing=change.thing)
        found = None
    return tell(change, found)


def tell(change: Change, found: Mapping[str, Any] | None) -> Text:
    """``found``: the object as it is now, None where there is none."""
    if found is None:
        text = MADE if change.after is None else NEVER_MADE if change.before is None else GONE
    elif change.after is None:
        same = change.uid in ("", found["metadata"]["uid"]) and "deletionTimestamp" not in found["metadata"]
        text = STILL_THERE if same else MADE
    elif change.is_one and change.fits(change.before, found):
        text = NOT_MADE
    else:
        text = MADE if change.fits(change.after, found) else OTHERWISE
    return text.format(change=change.told, thing=change.thing)
