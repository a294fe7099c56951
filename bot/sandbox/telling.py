"""How a change is told, verb by verb: kubectl's word for it, before → after, the kubectl line that would make it."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.language import Text
from bot.sandbox.differences import matches
from bot.sandbox.objects import CONTAINERS, Thing, holds

Fields = Mapping[str, Any]
"""A part of an object, as a patch would write it."""

RESTARTED = "kubectl.kubernetes.io/restartedAt"
IMAGE_PATH = re.compile(r"spec\.(?:initC|c)ontainers\[(?P<name>[^\]]+)\]\.image")
MOST_FIELDS = 8  # of a template, told
NOTHING = "∅"

MADE = {"expose": "exposed", "create deployment": "created"}
"""kubectl's words for a new object."""

CREATED = Text("`{thing}` : créé", "`{thing}`: created")
DELETED = Text("`{thing}` : supprimé{rest}", "`{thing}`: deleted{rest}")
ITS_POD = Text(" avec son pod", " with its pod")
ITS_PODS = Text(" avec ses {count} pods", " with its {count} pods")
MAKES_ANOTHER = Text(" ; {kind} `{name}` en crée un autre", "; {kind} `{name}` makes another")
IMAGE = Text("image de `{name}` : {before} → {after}", "image of `{name}`: {before} → {after}")
LABEL_PUT = Text("label `{key}={after}` posé", "label `{key}={after}` put")
LABEL_CHANGED = Text("label `{key}` : {before} → {after}", "label `{key}`: {before} → {after}")
LABEL_REMOVED = Text("label `{key}={before}` retiré", "label `{key}={before}` removed")
REVISION = Text("révision {before} → {after}", "revision {before} → {after}")
SAME_VERSION = Text("cette version y est déjà : rien ne change", "this version is there already: nothing changes")
FIELD = Text("`{path}` : {before} → {after}", "`{path}`: {before} → {after}")
MORE_FIELDS = Text("{count} autres champs changent", "{count} other fields change")
RESTARTS = Text("ses pods sont remplacés un à un", "its pods are replaced one by one")
HELD_BACK = Text("mises à jour suspendues", "updates held back")
LET_GO = Text("mises à jour reprises", "updates go on")
NO_LABEL = Text("aucun label ne change", "no label changes")
REPLICA = Text("{before} → {after} réplica", "{before} → {after} replica")
REPLICAS = Text("{before} → {after} réplicas", "{before} → {after} replicas")


def no_notes(_: Fields, __: Fields) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Telling:
    """Functions of the fields as they were and as they are.

    ``word``: kubectl's for success. ``told``: before → after. ``command``: the verb and the last words of the kubectl
    line that makes the change. ``notes``: what kubectl prints before its line. ``holds``: whether an object has the
    fields of one side.
    """

    word: Callable[[Fields, Fields], str]
    told: Callable[[Fields, Fields], Text]
    command: Callable[[Fields, Fields], tuple[str, str]]
    notes: Callable[[Fields, Fields], Sequence[str]] = no_notes
    can_be_undone: bool = True
    asks_first: bool = False
    holds: Callable[[Fields, Thing], bool] = holds


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


def tell_rest(fields: Fields) -> Text | str:
    """What becomes of the pods of an object that goes."""
    if pods := part(fields, "status").get("replicas", 0):
        return ITS_PODS.format(count=pods) if pods > 1 else ITS_POD
    owners = part(fields, "metadata").get("ownerReferences") or ()
    return MAKES_ANOTHER.format(**owners[0]) if owners else ""


def tell_replicas(before: Fields, after: Fields) -> Text:
    told = REPLICA if replicas(after) == 1 else REPLICAS
    return told.format(before=replicas(before), after=replicas(after))


def scale_to(_: Fields, after: Fields) -> tuple[str, str]:
    return "scale", f"--replicas={replicas(after)}"


def images(fields: Fields) -> Mapping[str, str]:
    """Of each container that was written."""
    spec = part(fields, "spec", "template", "spec")
    return {container["name"]: container["image"] for where in CONTAINERS for container in spec.get(where) or ()}


def tell_images(before: Fields, after: Fields) -> Text:
    was = images(before)
    return listed([IMAGE.format(name=name, before=was[name], after=image) for name, image in images(after).items()])


def set_images(_: Fields, after: Fields) -> tuple[str, str]:
    return "set image", shlex.join(f"{name}={image}" for name, image in images(after).items())


def labels(before: Fields, after: Fields) -> Iterator[tuple[str, str | None, str | None]]:
    """Each label that was named: as it was, as it is."""
    was = part(before, "metadata", "labels")
    return ((key, was.get(key), value) for key, value in part(after, "metadata", "labels").items())


def label_word(before: Fields, after: Fields) -> str:
    changed = [(was, value) for _, was, value in labels(before, after) if was != value]
    put, removed = (any((value is None) is gone for _, value in changed) for gone in (False, True))
    return "modified" if put and removed else "labeled" if put else "unlabeled" if removed else "not labeled"


def absent_labels(before: Fields, after: Fields) -> Sequence[str]:
    return [f'label "{key}" not found.' for key, was, value in labels(before, after) if was is None and value is None]


def tell_labels(before: Fields, after: Fields) -> Text:
    changed = [(key, was, value) for key, was, value in labels(before, after) if was != value]
    return listed([tell_label(*change) for change in changed]) if changed else NO_LABEL


def tell_label(key: str, before: str | None, after: str | None) -> Text:
    text = LABEL_REMOVED if after is None else LABEL_PUT if before is None else LABEL_CHANGED
    return text.format(key=key, before=before, after=after)


def put_labels(before: Fields, after: Fields) -> tuple[str, str]:
    changed = ((key, value) for key, was, value in labels(before, after) if was != value)
    pairs = (f"{key}-" if value is None else f"{key}={value}" for key, value in changed)
    return "label", " ".join((*pairs, "--overwrite"))


def tell_revisions(before: Fields, after: Fields) -> Text:
    """Images first, of the fields that differ."""
    if before["kept"] == after["kept"]:
        return SAME_VERSION
    paths = sorted(after["template"], key=lambda path: (IMAGE_PATH.fullmatch(path) is None, path))
    texts = [REVISION.format(before=before["revision"] or "?", after=after["revision"])]
    texts += [tell_field(path, before["template"][path], after["template"][path]) for path in paths[:MOST_FIELDS]]
    left = len(paths) - MOST_FIELDS
    return listed([*texts, *([MORE_FIELDS.format(count=left)] if left > 0 else [])])


def tell_field(path: str, before: str | None, after: str | None) -> Text:
    if image := IMAGE_PATH.fullmatch(path):
        return IMAGE.format(name=image["name"], before=before or NOTHING, after=after or NOTHING)
    return FIELD.format(path=path, before=as_code(before), after=as_code(after))


def as_code(value: str | None) -> str:
    """Inline, whatever is in it: stars would be bold."""
    return NOTHING if value is None else "`{}`".format(value.replace("`", "'") or '""')


def rollback_word(before: Fields, after: Fields) -> str:
    if before["kept"] == after["kept"]:
        return f"skipped rollback (current template already matches revision {after['revision']})"
    return "rolled back"


def roll_back_to(_: Fields, after: Fields) -> tuple[str, str]:
    return "rollout undo", f"--to-revision={after['revision']}"


def has_template(fields: Fields, workload: Thing) -> bool:
    return matches(fields["template"], workload["spec"]["template"])


def tell_restart(_: Fields, __: Fields) -> Text:
    return RESTARTS


def restart_again(_: Fields, __: Fields) -> tuple[str, str]:
    return "rollout restart", ""


def was_restarted(fields: Fields, workload: Thing) -> bool:
    """At a time, or, where it was not told yet, ever."""
    path = ("spec", "template", "metadata", "annotations")
    wanted, found = (part(side, *path).get(RESTARTED) for side in (fields, workload))
    return bool(found) if wanted == "" else found == wanted


def is_paused(fields: Fields) -> bool:
    return bool(part(fields, "spec").get("paused"))


def pause_word(_: Fields, after: Fields) -> str:
    return "paused" if is_paused(after) else "resumed"


def tell_pause(_: Fields, after: Fields) -> Text:
    return HELD_BACK if is_paused(after) else LET_GO


def pause_or_resume(_: Fields, after: Fields) -> tuple[str, str]:
    return f"rollout {'pause' if is_paused(after) else 'resume'}", ""


def listed(texts: Sequence[Text]) -> Text:
    return Text(" ; ".join(text.fr for text in texts), "; ".join(text.en for text in texts))


TELLINGS: Mapping[str, Telling] = {
    "scale": Telling(always("scaled"), tell_replicas, scale_to),
    "rollout undo": Telling(rollback_word, tell_revisions, roll_back_to, asks_first=True, holds=has_template),
    "rollout restart": Telling(
        always("restarted"), tell_restart, restart_again, can_be_undone=False, holds=was_restarted
    ),
    "rollout pause": Telling(pause_word, tell_pause, pause_or_resume),
    "rollout resume": Telling(pause_word, tell_pause, pause_or_resume),
    "set image": Telling(always("image updated"), tell_images, set_images),
    "label": Telling(label_word, tell_labels, put_labels, absent_labels),
}
