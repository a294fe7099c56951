"""The chart's RBAC rules, made from the table; ``python -m bot.sandbox.rights`` writes them to helm/files/rights.yaml.

Per holder (student, trainer, bot) and place: ``sandbox`` and ``read-only`` namespaces, ``cluster``, and ``named``: the
rules that the chart limits by resourceNames. The bot's rules let it act for somebody, and give it nothing of its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict, get_args

import yaml

from bot.sandbox.person import Role
from bot.sandbox.table import Right, Scope, rights
from bot.sandbox.table.kinds import NAMESPACES
from bot.sandbox.table.rows import Kind

RIGHTS_FILE = Path(__file__).parents[2] / "helm" / "files" / "rights.yaml"
HEADER = "# Made from bot/sandbox/table/ by `python -m bot.sandbox.rights`. Do not edit.\n"


class Rule(TypedDict):
    """A PolicyRule of RBAC."""

    apiGroups: list[str]
    resources: list[str]
    verbs: list[str]


Holder = dict[str, list[Rule]]


def rights_file() -> str:
    """What helm/files/rights.yaml must hold."""
    of_role = {role: {scope: set(rights(role, scope)) for scope in get_args(Scope)} for role in get_args(Role)}
    of_bot = {scope: set().union(*(held[scope] for held in of_role.values())) for scope in get_args(Scope)}
    holders = {role: _holder(held) for role, held in of_role.items()}
    holders["bot"] = _holder(of_bot, verb="impersonate-on:user-info:{}")
    return HEADER + yaml.dump(holders, Dumper=_Indented, sort_keys=False, default_flow_style=None, width=1000)


def _holder(held: dict[Scope, set[Right]], verb: str = "{}") -> Holder:
    by_place = {
        "sandbox": held["sandbox"],
        "read-only": held["read-only"],
        "cluster": {right for right in held["cluster"] if not _is_named(right)},
        "named": {right for right in held["cluster"] if _is_named(right)},
    }
    return {place: _rules(cells, verb) for place, cells in by_place.items()}


def _is_named(right: Right) -> bool:
    """Namespaces: who may see one may not see them all."""
    return Kind(right.resource, right.group) == NAMESPACES


def _rules(cells: Iterable[Right], verb: str) -> list[Rule]:
    """One rule for all resources of a group that have the same verbs."""
    verbs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for right in sorted(cells):
        verbs[right.group, "/".join(filter(None, (right.resource, right.subresource)))].append(verb.format(right.verb))
    resources: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (group, resource), names in sorted(verbs.items()):
        resources[group, tuple(names)].append(resource)
    return [Rule(apiGroups=[group], resources=plural, verbs=[*names]) for (group, names), plural in resources.items()]


class _Indented(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        return True


if __name__ == "__main__":
    RIGHTS_FILE.write_text(rights_file(), encoding="utf-8")
