"""Block Kit, built by pure functions. The only place that knows Slack's limits and its markup.

Commands and tables are mrkdwn sections with fences: every Slack client shows them monospaced.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.language import Lang, Text
from bot.sandbox import Result, cut

Block = dict[str, Any]

# Of all blocks: Slack refuses a message at some 11 000 to 13 000, and does not say where.
MESSAGE_CHARACTERS = 10_000
_SECTION_CHARACTERS = 3_000
# Escaped: in a section's fence; of the line; of notes, buttons and the fences themselves.
_FENCED_CHARACTERS, _LINE_CHARACTERS, _NOTES_CHARACTERS = 2_900, 1_500, 700
_BRIEF_CHARACTERS = 400
_BUTTON_CHARACTERS = 75
BUTTON_VALUE_CHARACTERS = 2_000
FENCE = "```"
_STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x7f\u202a-\u202e\u2066-\u2069]")
_BACKTICKS = re.compile(r"`{3,}")

NO_TEXT = Text(
    "Je ne lis pas les images. Collez ici le texte de la commande et du message d'erreur, et je cherche.",
    "I cannot read pictures. Paste the text of the command and of the error here, and I will look.",
)
EMPTY = Text(
    "Posez-moi une question sur le cours, par exemple : `comment lister les pods ?`",
    "Ask me something about the course, for instance: `how do I list the pods?`",
)
NOT_RUN_AGAIN = Text(
    "Une commande modifiée n'est pas relancée : tapez-la dans un nouveau message.",
    "A command that is edited is not run again: type it in a new message.",
)
UNEXPECTED = Text(
    "Une erreur imprévue est survenue et elle est notée. Si elle revient, donnez sa référence à un formateur : `{id}`",
    "Something unexpected went wrong, and it is noted. If it happens again, give a trainer this reference: `{id}`",
)
NOT_KEPT = Text(
    "Je n'ai pas pu confirmer que votre demande est enregistrée. "
    "Sans réponse d'ici une minute, rien n'a été fait : réessayez alors.",
    "I could not confirm that your request is recorded. "
    "Without an answer within a minute, nothing was done: try again then.",
)
SHOWN = Text("{shown} lignes affichées sur {total}", "{shown} of {total} rows shown")

_LINKS = re.compile(r"&lt;([#@][A-Z0-9]+)&gt;")


@dataclass(frozen=True, slots=True)
class Message:
    """A reply: ``text`` for notifications and screen readers. ``public``: for the whole channel.
    ``is_cut``: more was printed than it shows. ``instead_of``: the ``ts`` of a message that it takes the place of.
    What the message clicked on becomes: ``leaves``, or, if it ``closes``, nothing."""

    text: str
    blocks: list[Block]
    public: bool = True
    is_cut: bool = False
    instead_of: str | None = None
    closes: bool = False
    leaves: list[Block] | None = None

    @classmethod
    def kept(cls, fields: Mapping[str, Any]) -> "Message":
        """As the journal has it; another version of the bot may have kept it."""
        return cls(**{name: value for name, value in fields.items() if name in cls.__slots__})

    @property
    def mark(self) -> str | None:
        """What it is found by in a channel's history."""
        return self.blocks[0].get("block_id") if self.blocks else None

    def marked(self, mark: str) -> "Message":
        return replace(self, blocks=[{**block, "block_id": mark} for block in self.blocks[:1]] + self.blocks[1:])


def escape(text: str) -> str:
    """mrkdwn's three entities: no mention, link or broadcast is left in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(text: str) -> str:
    """What others wrote, escaped; a zero-width space parts the backticks that would begin or end a code block, and
    what is nothing to see or turns the text around is seen to be there."""
    return escape(_BACKTICKS.sub(lambda fence: "\u200b".join(fence[0]), _STEERING.sub("\ufffd", text)))


def fence(text: str) -> str:
    """A code block, whatever is in it."""
    return f"```\n{quote(text)}\n```"


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION_CHARACTERS]}}


def plain_section(text: str) -> Block:
    """One in which Slack makes no link of an address that somebody wrote into an object."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION_CHARACTERS], "verbatim": True}}


def plain_sections(text: str) -> list[Block]:
    """As many as it takes, parted between two lines."""
    if len(text) <= _SECTION_CHARACTERS:
        return [plain_section(text)]
    at = text.rfind("\n", 0, _SECTION_CHARACTERS)
    at = at if at > 0 else _SECTION_CHARACTERS
    return [plain_section(text[:at]), *plain_sections(text[at:].lstrip("\n"))]


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:_SECTION_CHARACTERS]}]}


def actions(buttons: Sequence[dict[str, Any]]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action: str, value: str, position: int = 0, **look: str) -> dict[str, Any]:
    """A button whose click is an input; ``position``: Slack wants another ``action_id`` for each of a block."""
    label = {"type": "plain_text", "text": text[:_BUTTON_CHARACTERS]}
    return {"type": "button", "text": label, "action_id": f"{action}:{position}", "value": value, **look}


def build_words(text: str, *, public: bool = False) -> Message:
    """A sentence of ours, with inline code at most."""
    return Message(text, [section(text)], public=public)


def build_refusal(text: str, stderr: str = "", *, linked: bool = False) -> Message:
    """A refusal quotes what was typed, so that nothing in it may do anything; of one that is ``linked`` people and
    channels stay links. ``stderr``: what kubectl says of it."""
    quoted = quote(text)
    shown = _LINKS.sub(r"<\1>", quoted) if linked else quoted
    kubectls = [plain_section(fence(stderr))] if _is_brief(stderr) else []
    return Message(shown, [*kubectls, plain_section(shown)], public=False)


def build_result(result: Result, lang: Lang, beside: int = 0) -> Message:
    """The kubectl line, then what kubectl would print, or what its failure means.

    ``beside``: how many characters the message is to hold besides.
    """
    text, shown, total = _first(result, lang, beside)
    total += result.left
    is_cut = bool(result.stdout) and (shown < total or text != result.stdout)
    note = [context(SHOWN[lang].format(shown=shown, total=total))] if is_cut else []
    summary = result.explanation[lang] if result.explanation else (result.stderr or result.stdout).strip()
    return Message(
        quote(summary.partition("\n")[0] or result.line),
        [*_line(result), *_fences(text), *note, *_told(result, lang)],
        public=result.status == 0 or bool(result.stdout),
        is_cut=is_cut,
    )


def after_first(result: Result, lang: Lang) -> Result:
    """The same without what ``build_result`` shows of its output."""
    text, *_ = _first(result, lang)
    return replace(result, stdout=result.stdout.removeprefix(text))


def _first(result: Result, lang: Lang, beside: int = 0) -> tuple[str, int, int]:
    """What of the output has room in one message, the rows in it, and all rows."""
    taken = len(str([*_line(result), *_told(result, lang)]))
    text, shown, total = cut(result.stdout, MESSAGE_CHARACTERS - _NOTES_CHARACTERS - taken - beside, _length)
    return text or _clip(result.stdout, _FENCED_CHARACTERS), shown, total


def _line(result: Result) -> list[Block]:
    return [context(f"`{quote(_clip(result.line, _LINE_CHARACTERS))}`")] if result.line else []


def _told(result: Result, lang: Lang) -> list[Block]:
    told = []
    if result.stderr and (_is_brief(result.stderr) or not (result.explanation and result.status)):
        told.append(plain_section(fence(_clip(result.stderr.rstrip(), _FENCED_CHARACTERS))))
    if result.explanation:
        told += plain_sections(quote(_clip(result.explanation[lang], MESSAGE_CHARACTERS // 2)))
    return told


def _is_brief(stderr: str) -> bool:
    """Whether a student is to read it as their own kubectl would say it, above what it means. What the API server
    says of rights names the bot's identities, and of our own policies how they are called: our words are enough."""
    ours = any(sign in stderr for sign in ("(Forbidden)", "ValidatingAdmissionPolicy"))
    return 0 < len(stderr) <= _BRIEF_CHARACTERS and not ours


def _fences(text: str) -> list[Block]:
    """Whole rows, as many in a code block as a section holds."""
    pages, room = [], 0
    for row in text.splitlines(keepends=True):
        if room < (length := _length(row)):
            pages.append("")
            room = _FENCED_CHARACTERS
        pages[-1] += row
        room -= length
    return [plain_section(fence(page.rstrip("\n"))) for page in pages]


def _length(row: str) -> int:
    """In a section; a row that fits none has no room anywhere."""
    length = len(quote(row))
    return length if length <= _FENCED_CHARACTERS else MESSAGE_CHARACTERS


def _clip(text: str, room: int) -> str:
    """So much of its start that it has room when escaped, and three dots for the rest."""
    clipped = text
    while (excess := len(quote(clipped)) - room) > 0:
        clipped = clipped[: max(len(clipped) - excess, len(clipped) * 3 // 4)]
    return clipped if clipped == text else f"{clipped[:-1]}…"
