"""The form that makes an entry: drawn, read, and checked field by field. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.helpdesk import Draft
from bot.journal import TrainerEntry
from bot.language import Lang, Text
from bot.slack.blocks import Block, context, escape, section
from bot.slack.inbox import SAVE_ENTRY

# A title is a button's label elsewhere, an answer one section.
TITLE_CHARACTERS = 75
ANSWER_CHARACTERS = 2_500
_ANSWER_ESCAPED = 3_000
_WORDINGS_CHARACTERS = 2_000
_WORDINGS = 20
_COMMANDS_CHARACTERS = 2_000
_COMMANDS = 10

TITLE = Text("Fiche", "Entry")
SAVE = Text("Enregistrer", "Save")
CANCEL = Text("Annuler", "Cancel")
WAIT = Text("Un instant…", "One moment…")
LABELS = {
    "title": Text("Titre", "Title"),
    "wordings": Text("Façons de poser la question, une par ligne", "Ways to ask, one per line"),
    "answer": Text("Réponse", "Answer"),
    "commands": Text("Commandes, une par ligne", "Commands, one per line"),
}
PLACEHOLDERS = {
    "title": Text("Lire les journaux d'un pod", "Read the logs of a pod"),
    "wordings": Text("comment lire les logs ?", "how do I read the logs?"),
    "answer": Text("De deux à six phrases.", "Two to six sentences."),
    "commands": Text("kubectl logs web-1 # affiche ses journaux", "kubectl logs web-1 # shows its logs"),
}
COMMANDS_HINT = Text("commande # ce qu'elle fait", "command # what it does")
EMPTY = Text("À remplir.", "Please fill this in.")
TOO_LONG = Text(
    "Trop long de {over} caractères : gardez l'essentiel.", "Too long by {over} characters: keep what matters most."
)
TOO_MANY = Text("{most} lignes au plus.", "{most} lines at most.")
NO_COMMENT = Text(
    "Ligne {line} : écrivez la commande, puis « # » et ce qu'elle fait. Exemple : {example}",
    'Line {line}: write the command, then "#" and what it does. Example: {example}',
)
STORED = Text(
    "Cette fiche est déjà en ligne, enregistrée par <@{author}>. Vous pouvez la corriger.",
    "This entry is live already, saved by <@{author}>. You can correct it.",
)
OTHER_FIRST = Text(
    "<@{author}> vient d'enregistrer cette fiche ; la voici. En dessous, votre version : "
    "enregistrez-la pour remplacer l'autre, ou annulez.",
    "<@{author}> has just saved this entry; here it is. Below is your version: save it to replace theirs, or cancel.",
)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields' texts, and what they are about; ``revision``: of the stored entry that the trainer sees."""

    question_id: int
    revision: int
    fields: Mapping[str, str]

    @classmethod
    def of_entry(cls, entry: TrainerEntry) -> "Form":
        commands = "\n".join(f"{run} # {does}" for run, does in entry.commands)
        fields = {
            "title": entry.title,
            "wordings": "\n".join(entry.wordings),
            "answer": entry.answer,
            "commands": commands,
        }
        return cls(entry.question_id, entry.revision, fields)

    @classmethod
    def submitted(cls, content: str) -> "Form":
        """From the input that the inbox made of a submission."""
        read = json.loads(content)
        return cls(read["about"]["question"], read["about"]["revision"], read["fields"])


def build_skeleton() -> dict[str, Any]:
    """What opens at once, before anyone's language is known: the right to open lasts three seconds."""
    return _modal(f"{TITLE.fr} · {TITLE.en}", [section(f"{WAIT.fr} · {WAIT.en}")])


def build_words(text: str, lang: Lang) -> dict[str, Any]:
    return _modal(TITLE[lang], [section(text)])


def build_form(form: Form, lang: Lang, *above: Block) -> dict[str, Any]:
    """``above``: what the trainer should know first."""
    limits = {
        "title": TITLE_CHARACTERS,
        "wordings": _WORDINGS_CHARACTERS,
        "answer": ANSWER_CHARACTERS,
        "commands": _COMMANDS_CHARACTERS,
    }
    inputs = [_input(name, form.fields.get(name, "")[:limit], limit, lang) for name, limit in limits.items()]
    view = _modal(TITLE[lang], [*above, *inputs])
    return view | {
        "callback_id": SAVE_ENTRY,
        "private_metadata": json.dumps({"question": form.question_id, "revision": form.revision}),
        "submit": _plain(SAVE[lang]),
        "close": _plain(CANCEL[lang]),
    }


def about_stored(entry: TrainerEntry, lang: Lang) -> Block:
    return context(STORED[lang].format(author=entry.author))


def about_others(entry: TrainerEntry, lang: Lang) -> list[Block]:
    """The entry that someone else saved meanwhile."""
    words = section(OTHER_FIRST[lang].format(author=entry.author))
    return [words, section(f"*{escape(entry.title)}*\n{escape(entry.answer)}"), {"type": "divider"}]


def problems(form: Form) -> dict[str, Text]:
    """What is wrong, by field; empty for a form that can be saved."""
    found: dict[str, Text] = {}
    for name in ("title", "wordings", "answer"):
        if not form.fields[name].strip():
            found[name] = EMPTY
    if (over := len(escape(form.fields["answer"])) - _ANSWER_ESCAPED) > 0:
        found["answer"] = TOO_LONG.format(over=over)
    if len(_lines(form.fields["wordings"])) > _WORDINGS:
        found["wordings"] = TOO_MANY.format(most=_WORDINGS)
    commands = _lines(form.fields["commands"])
    if len(commands) > _COMMANDS:
        found["commands"] = TOO_MANY.format(most=_COMMANDS)
    for number, line in enumerate(commands, start=1):
        if not all(_command(line)):
            found["commands"] = NO_COMMENT.format(line=number, example=PLACEHOLDERS["commands"])
            break
    return found


def draft(form: Form) -> Draft:
    """A form without problems, as the helpdesk takes it."""
    return Draft(
        question_id=form.question_id,
        revision=form.revision,
        title=" ".join(form.fields["title"].split()),
        wordings=tuple(dict.fromkeys(_lines(form.fields["wordings"]))),
        answer=form.fields["answer"].strip(),
        commands=tuple(_command(line) for line in _lines(form.fields["commands"])),
    )


def _command(line: str) -> tuple[str, str]:
    run, _, does = line.rpartition(" # ")
    return run.strip(), does.strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _modal(title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"type": "modal", "title": _plain(title), "blocks": blocks}


def _input(name: str, value: str, limit: int, lang: Lang) -> Block:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": name != "title",
        "max_length": limit,
        "placeholder": _plain(PLACEHOLDERS[name][lang]),
    }
    if value:
        element["initial_value"] = value
    block: Block = {"type": "input", "block_id": name, "label": _plain(LABELS[name][lang]), "element": element}
    if name == "commands":
        block |= {"optional": True, "hint": _plain(COMMANDS_HINT[lang])}
    return block


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
