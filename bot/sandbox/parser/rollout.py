"""`rollout`, typed: kubectl takes types here that have no rollout, and says so in words of its own for each verb."""

from collections.abc import Mapping

from bot.errors import BadRequest
from bot.language import Text
from bot.sandbox.commands import RolloutHistory, RolloutPause, RolloutRestart, RolloutStatus, RolloutUndo
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.grammar import NOT_HERE, Words
from bot.sandbox.not_offered import FOLLOW_ROLLOUT
from bot.sandbox.parser.numbers import read_integer
from bot.sandbox.parser.targets import Chosen, WrongKind, read_selection, usage_error

THOUGHT_OF = ("pods", "replicasets", "replicationcontrollers", "jobs", "cronjobs")
"""Types without a rollout for which `history` and `undo` have the first of these words; for the rest, the second."""
NO_ROLLOUT: Mapping[str, tuple[str, str]] = {
    "rollout status": ("no status viewer has been implemented for {kind}",) * 2,
    "rollout history": (
        'no history viewer has been implemented for "{kind}"',
        'error retrieving history for "{kind}", no visitor method exists for {{{group} {object_kind}}}',
    ),
    "rollout undo": (
        'no rollbacker has been implemented for "{kind}"',
        'error retrieving rollbacker for "{kind}", no visitor method exists for {{{group} {object_kind}}}',
    ),
    "rollout restart": ('{type} "{name}" restarting is not supported',) * 2,
    "rollout pause": ('{type} "{name}" pausing is not supported',) * 2,
    "rollout resume": ('{type} "{name}" resuming is not supported',) * 2,
}

WRONG_NUMBER = Text(
    "`--{flag}` attend le numéro d'une révision, pas `{value}`. Pour les voir : `/k8s rollout history {example}`.",
    "`--{flag}` takes the number of a revision, not `{value}`. To see them: `/k8s rollout history {example}`.",
)


def read_status(words: Words, catalog: Catalog) -> RolloutStatus:
    revision = read_revision(words)
    if words.switch("watch"):
        raise BadRequest(NOT_HERE.format(word="--watch", reason=FOLLOW_ROLLOUT))
    return RolloutStatus(words, *read_rolled(words, catalog), revision=revision)


def read_history(words: Words, catalog: Catalog) -> RolloutHistory:
    revision = read_revision(words)
    return RolloutHistory(words, *read_rolled(words, catalog), revision=revision)


def read_undo(words: Words, catalog: Catalog) -> RolloutUndo:
    revision = read_integer(words, "to-revision", 0, wrong_number(words, "to-revision"))
    lists, targets, _ = read_rolled(words, catalog)
    return RolloutUndo(words, targets, lists, revision)


def read_restart(words: Words, catalog: Catalog) -> RolloutRestart:
    lists, targets, _ = read_rolled(words, catalog)
    return RolloutRestart(words, targets, lists)


def read_pause(words: Words, catalog: Catalog) -> RolloutPause:
    lists, targets, _ = read_rolled(words, catalog)
    return RolloutPause(words, targets, lists, paused=words.verb.name == "rollout pause")


def read_rolled(words: Words, catalog: Catalog) -> Chosen:
    try:
        return read_selection(words, catalog)
    except WrongKind as error:
        raise UsageError(error.text, f"error: {words_for(words, error.resource)}") from error


def words_for(words: Words, resource: Resource) -> str:
    """kubectl's, for a type that the verb does not take."""
    usual, other = NO_ROLLOUT[words.verb.name]
    group, object_kind = resource.kind.group, resource.object_kind
    return (usual if resource.kind.resource in THOUGHT_OF else other).format(
        kind=".".join(filter(None, (object_kind, group))),
        group=group,
        object_kind=object_kind,
        type=resource.kind,
        name=" ".join(words.args).replace("/", " ").split()[-1],
    )


def read_revision(words: Words) -> int:
    """0 for none."""
    number = read_integer(words, "revision", 0, wrong_number(words, "revision"))
    if number < 0 and words.args:
        raise usage_error(wrong_number(words, "revision"), f"revision must be a positive integer: {number}")
    return number


def wrong_number(words: Words, flag: str) -> Text:
    return WRONG_NUMBER.format(flag=flag, value=words.flags.get(flag), example="deployment/demonstration")
