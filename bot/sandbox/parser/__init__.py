"""From the words of a command line to what is to be done: typed, checked against the table and the catalog. Pure.

Nothing after this package looks at the words again, except to show the line.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.commands import Command, Help
from bot.sandbox.discovery import Catalog
from bot.sandbox.grammar import Words, read
from bot.sandbox.parser.deployments import read_create_deployment, read_set_image
from bot.sandbox.parser.reads import read_describe, read_events, read_get, read_logs
from bot.sandbox.parser.rights import read_can, read_can_i, read_top, read_who_am_i
from bot.sandbox.parser.rollout import read_history, read_pause, read_restart, read_status, read_undo
from bot.sandbox.parser.selections import read_delete, read_label
from bot.sandbox.parser.server import read_api_resources, read_explain, read_version
from bot.sandbox.parser.writes import read_brake, read_expose, read_scale, read_writes_of_today

__all__ = ["parse", "understand"]


def parse(argv: Sequence[str], catalog: Catalog) -> Command:
    """Raises BadRequest or NotAllowed, with the nearest right form."""
    return understand(read(argv), catalog)


def understand(words: Words, catalog: Catalog) -> Command:
    return READERS[words.verb.name](words, catalog)


def read_help(words: Words, _: Catalog) -> Help:
    return Help(words)


READERS: Mapping[str, Callable[[Words, Catalog], Command]] = {
    "get": read_get,
    "describe": read_describe,
    "logs": read_logs,
    "events": read_events,
    "rollout status": read_status,
    "rollout history": read_history,
    "rollout undo": read_undo,
    "rollout restart": read_restart,
    "rollout pause": read_pause,
    "rollout resume": read_pause,
    "explain": read_explain,
    "api-resources": read_api_resources,
    "version": read_version,
    "top pod": read_top,
    "top node": read_top,
    "auth can-i": read_can_i,
    "auth whoami": read_who_am_i,
    "can": read_can,
    "create deployment": read_create_deployment,
    "scale": read_scale,
    "expose": read_expose,
    "set image": read_set_image,
    "label": read_label,
    "delete": read_delete,
    "freeze": read_brake,
    "unfreeze": read_brake,
    "history": read_writes_of_today,
    "help": read_help,
}
