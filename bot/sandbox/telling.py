"""How a change is told, verb by verb: kubectl's word for it, before → after, the kubectl line that would make it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language import Text

Fields = Mapping[str, Any]
"""A part of an object, as a patch would write it."""

MADE = {"expose": "exposed", "create deployment": "created"}
"""kubectl's words for a new object."""

CREATED = Text("`{thing}` : créé", "`{thing}`: created")
DELETED = Text("`{thing}` : supprimé{pods}", "`{thing}`: deleted{pods}")
ITS_POD = Text(" avec son pod", " with its pod")
ITS_PODS = Text(" avec ses {count} pods", " with its {count} pods")
REPLICAS = Text("{before} → {after} réplicas", "{before} → {after} replicas")


def no_notes(_: Fields, __: Fields) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Telling:
    """Functions of the fields as they were and as they are.

    ``word``: kubectl's for success. ``told``: before → after. ``command``: the verb and the last words of the kubectl
    line that makes the change. ``notes``: what kubectl prints before its line. What cannot be undone is asked first.
    """

    word: Callable[[Fields, Fields], str]
    told: Callable[[Fields, Fields], Text]
    command: Callable[[Fields, Fields], tuple[str, str]]
    notes: Callable[[Fields, Fields], Sequence[str]] = no_notes
    can_be_undone: bool = True


def always(word: str) -> Callable[[Fields, Fields], str]:
    return lambda _, __: word


def part(fields: Fields, *path: str) -> Mapping[str, Any]:
    """The fields below ``path``, none where there are none."""
    for name in path:
        fields = fields.get(name) or {}
    return fields


def replicas(fields: Fields) -> int | None:
    """None where no number of replicas was written."""
    return part(fields, "spec").get("replicas")


def tell_pods(fields: Fields) -> Text | str:
    """Those that go with an object."""
    pods = part(fields, "status").get("replicas", 0)
    return ITS_PODS.format(count=pods) if pods > 1 else ITS_POD if pods else ""


def tell_replicas(before: Fields, after: Fields) -> Text:
    return REPLICAS.format(before=replicas(before), after=replicas(after))


def scale_to(_: Fields, after: Fields) -> tuple[str, str]:
    return "scale", f"--replicas={replicas(after)}"


TELLINGS: Mapping[str, Telling] = {"scale": Telling(always("scaled"), tell_replicas, scale_to)}
