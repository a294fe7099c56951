"""Objects of the API as JSON has them: the field at a path, what was written of one, a label selector in one line."""

from collections.abc import Mapping
from typing import Any

OPERATORS = {
    "In": "{key} in ({values})",
    "NotIn": "{key} notin ({values})",
    "Exists": "{key}",
    "DoesNotExist": "!{key}",
}

SERVICE_NAME = "kubernetes.io/service-name"
"""The label by which endpoint slices name their service."""

CONTAINERS = ("containers", "initContainers")
"""Lists of which a strategic merge patch writes only the elements that it names."""

Thing = Mapping[str, Any]


def pick(thing: Thing | None, path: str, default: Any = "") -> Any:
    """The field at a dotted path, ``default`` where there is none."""
    found: Any = thing
    for name in path.split("."):
        if not isinstance(found, Mapping) or found.get(name) is None:
            return default
        found = found[name]
    return found


def selector(found: Thing | None) -> str:
    """A label selector in one line, "" for none."""
    equal = [(key, f"{key}={value}") for key, value in pick(found, "matchLabels", {}).items()]
    others = [
        (
            one["key"],
            OPERATORS[one["operator"]].format(key=one["key"], values=",".join(sorted(one.get("values") or ()))),
        )
        for one in pick(found, "matchExpressions", ())
    ]
    return ",".join(text for _, text in sorted([*equal, *others]))


def holds(fields: object, found: object) -> bool:
    """Whether ``found`` still is as ``fields`` were written."""
    if not isinstance(fields, Mapping):
        return fields == found
    found = {} if found is None else found
    return isinstance(found, Mapping) and all(
        holds(named(key, value), named(key, found.get(key))) for key, value in fields.items()
    )


def named(key: str, value: Any) -> Any:
    """A list that is written by name, by name."""
    return {element["name"]: element for element in value or ()} if key in CONTAINERS else value


def is_ready(pod: Thing) -> bool:
    return any((one["type"], one["status"]) == ("Ready", "True") for one in pick(pod, "status.conditions", ()))
