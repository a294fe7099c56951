"""The table of commands: what `/k8s` offers, to whom, on which kinds, and which API rights that takes.

Parser, help, refusals, the chart's RBAC and the tests of the rights are all made from it. Data only.
"""

from collections.abc import Mapping

from bot.sandbox.person import Role
from bot.sandbox.table.ours import FREEZE, UNFREEZE, WRITES_OF_TODAY
from bot.sandbox.table.reads import DESCRIBE, EVENTS_VERB, GET, HELP, LOGS
from bot.sandbox.table.rollout import HISTORY, PAUSE, RESTART, RESUME, STATUS, UNDO
from bot.sandbox.table.rows import Right, Scope, Verb
from bot.sandbox.table.server import API_RESOURCES, CAN, CAN_I, EXPLAIN, TOP_NODE, TOP_POD, VERSION, WHO_AM_I
from bot.sandbox.table.writes import CREATE_DEPLOYMENT, DELETE, EXPOSE, LABEL, SCALE, SET_IMAGE

__all__ = ["HELP", "VERBS", "Right", "Scope", "Verb", "may", "rights"]

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        GET,
        DESCRIBE,
        LOGS,
        EVENTS_VERB,
        STATUS,
        HISTORY,
        TOP_POD,
        TOP_NODE,
        EXPLAIN,
        API_RESOURCES,
        VERSION,
        CAN,
        CAN_I,
        WHO_AM_I,
        CREATE_DEPLOYMENT,
        SCALE,
        EXPOSE,
        SET_IMAGE,
        LABEL,
        DELETE,
        UNDO,
        RESTART,
        PAUSE,
        RESUME,
        FREEZE,
        UNFREEZE,
        WRITES_OF_TODAY,
        HELP,
    )
}


def may(role: Role, verb: Verb) -> bool:
    return role == "trainer" or verb.role == "student"


def rights(role: Role, scope: Scope) -> tuple[Right, ...]:
    """The API rights of ``role`` in ``scope``, each once, in order. Namespaces are named one by one (resourceNames)."""
    verbs = [verb for verb in VERBS.values() if may(role, verb)]
    cells = {need.right(kind) for verb in verbs for kind in verb.kinds.get(scope, ()) for need in verb.needs}
    if scope == "cluster":
        cells.update(right for verb in verbs for right in verb.beside)
    return tuple(sorted(cells, key=lambda right: (right.group, right.resource, right.subresource, right.verb)))
