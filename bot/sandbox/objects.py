"""Objects of the API as JSON has them: the field at a path, a label selector in one line."""

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
