"""An answer as a reader in Slack sees it: what it is, each command, where it stands, where to go on.

What would pass a phone's screen waits behind a button.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.helpdesk import Runnable
from bot.knowledge import Answer, Part
from bot.language import Lang, Text
from bot.slack.blocks import (
    BUTTON_VALUE_CHARACTERS,
    FENCE,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    fence,
    section,
)
from bot.slack.inbox import ASK_TRAINER, NOT_USEFUL, RUN, SHOW_ENTRY, SHOW_REST, USEFUL

Buttons = Mapping[str, Runnable]
"""What the click below a command line runs; lines that are not in it have no button."""

AT_A_GLANCE = 1_200

NEAREST = Text("Les fiches les plus proches :", "The nearest entries:")
RELATED = Text("Voir aussi :", "See also:")
MORE = Text("En savoir plus", "Read more")
IS_USEFUL = Text("Utile", "Useful")
IS_NOT_USEFUL = Text("Pas utile", "Not useful")
RUN_IT = Text("Exécuter", "Run")
RUN_THERE = Text("Exécuter dans {namespace}", "Run in {namespace}")
ASK = Text("Demander à un formateur", "Ask a trainer")
THANKS = {
    "new": Text("Merci, c'est noté.", "Thank you, noted."),
    "changed": Text("C'est changé, merci.", "Changed, thank you."),
    "same": Text("C'était déjà noté, merci.", "This was noted already, thank you."),
}
SORRY = Text(
    "Les formateurs verront que cette réponse n'aide pas, sans savoir qui l'a dit.",
    "The trainers will see that this answer does not help, and not who said so.",
)


@dataclass(frozen=True, slots=True)
class _Folded:
    shown: list[Block]
    rest: list[Block]


def build_answer(answer: Answer, input_id: int, runnable: Buttons, *, can_ask: bool) -> Message:
    """``input_id``: the input that is answered, for the votes; ``can_ask``: there is a trainers' channel."""
    folded = _folds([answer], runnable)
    blocks = [block for part in folded for block in part.shown]
    for heading, entries in ((RELATED, answer.related), (NEAREST, answer.nearest)):
        if entries:
            blocks += [context(heading[answer.lang]), _entry_buttons(entries)]
    buttons = _buttons(answer, input_id, can_ask=can_ask, more=any(part.rest for part in folded))
    if buttons:
        blocks.append(actions(buttons))
    return Message(escape(answer.parts[0].explanation), blocks)


def build_rest(answers: Sequence[Answer], runnable: Buttons) -> Message:
    """What the folded answers left out; ``answers``: one for each part, in their order."""
    parts = _parts(answers)
    folded = zip(parts, _folds(answers, runnable), strict=True)
    blocks = [block for part, fold in folded if fold.rest for block in (_title(part), *fold.rest)]
    return Message(MORE[answers[0].lang], blocks or [_title(part) for part in parts])


def lines(answers: Iterable[Answer]) -> list[str]:
    return [command.run for part in _parts(answers) for command in part.commands]


def _parts(answers: Iterable[Answer]) -> list[Part]:
    return [part for answer in answers for part in answer.parts]


def _folds(answers: Sequence[Answer], runnable: Buttons) -> list[_Folded]:
    parts, lang = _parts(answers), answers[0].lang
    room = (AT_A_GLANCE - len(RELATED[lang])) // len(parts)
    return [_fold(part, room, runnable, lang) for part in parts]


def _fold(part: Part, room: int, runnable: Buttons, lang: Lang) -> _Folded:
    """Title and source always; of the rest, in its order, what has room."""
    left = room - len(part.title) - len(part.source)
    head, tail = _cut(part.explanation, left)
    shown, rest = _sections(head), _sections(tail)
    left -= len(head)
    for command in part.commands:
        left -= len(command.does) + len(command.run)
        told = rest if rest or left < 0 else shown
        told.append(section(f"{escape(command.does)}\n{fence(command.run)}"))
        if run := runnable.get(command.run):
            told += _run_button(run, lang)
    title = [_title(part)] if part.title else []
    source = [context(escape(part.source))] if part.source else []
    return _Folded([*title, *shown, *source], rest)


def _run_button(runnable: Runnable, lang: Lang) -> list[Block]:
    label = (RUN_THERE if runnable.namespace else RUN_IT)[lang].format(namespace=runnable.namespace)
    value = f"{runnable.namespace or '-'} {runnable.line}"
    return [actions([button(label, RUN, value)])] if len(value) <= BUTTON_VALUE_CHARACTERS else []


def _title(part: Part) -> Block:
    return section(f"*{escape(part.title)}*")


def _sections(text: str) -> list[Block]:
    return [section(escape(text))] if text else []


def _cut(text: str, room: int) -> tuple[str, str]:
    """Between two sentences, and never inside a code block."""
    if len(text) <= room:
        return text, ""
    head = text[: max(room, 0)]
    inside = head.count(FENCE) % 2
    at = head.rfind(FENCE) if inside else max(head.rfind("\n"), head.rfind(". ") + 1)
    return text[: max(at, 0)].rstrip(), text[max(at, 0) :].lstrip()


def _entry_buttons(entries: Iterable[tuple[str, str]]) -> Block:
    return actions([button(title, SHOW_ENTRY, id_, position) for position, (id_, title) in enumerate(entries)])


def _buttons(answer: Answer, input_id: int, *, can_ask: bool, more: bool) -> list[dict[str, Any]]:
    lang, id_ = answer.lang, str(input_id)
    buttons = []
    if more:
        shown = answer.entries[: len(answer.parts)]
        buttons.append(button(MORE[lang], SHOW_REST, " ".join((lang, *shown))))
    if answer.kind == "answer":
        buttons += [button(IS_USEFUL[lang], USEFUL, id_), button(IS_NOT_USEFUL[lang], NOT_USEFUL, id_)]
    if can_ask and answer.kind != "smalltalk":
        buttons.append(button(ASK[lang], ASK_TRAINER, id_))
    return buttons
