"""Block Kit, built by pure functions. The only place that knows Slack's limits and its markup.

Commands and tables are mrkdwn sections with fences: every Slack client shows them monospaced.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.language import Lang, Text
from bot.sandbox import Result, cut

Block = dict[str, Any]

# A section holds 3 000 characters; escapes lengthen text, and the fence and a note want room.
OUTPUT_CHARACTERS = 2_800
_SECTION_CHARACTERS = 3_000
_BUTTON_CHARACTERS = 75
BUTTON_VALUE_CHARACTERS = 2_000
FENCE = "```"
_PARTED_FENCE = "`\u200b``"

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
    "Je n'ai pas pu enregistrer votre demande, donc rien n'a été fait. Réessayez dans une minute.",
    "I could not record your request, so nothing was done. Try again in a minute.",
)
SHOWN = Text("{shown} lignes affichées sur {total}", "{shown} of {total} rows shown")
WHOLE_IN_DM = Text("la suite est dans un fichier, en message direct", "the whole is a file in your direct messages")
WHOLE_FAILED = Text("le fichier complet n'a pas pu être envoyé", "the file with the whole could not be sent")

_LINKS = re.compile(r"&lt;([#@][A-Z0-9]+)&gt;")


@dataclass(frozen=True, slots=True)
class Message:
    """A reply: ``text`` for notifications and screen readers. ``public``: for the whole channel.
    ``attachment``: the whole of an output that was cut. ``instead_of``: the ``ts`` of a message that it takes the place
    of; ``closes``: the message clicked on goes away."""

    text: str
    blocks: list[Block]
    public: bool = True
    attachment: str | None = None
    instead_of: str | None = None
    closes: bool = False

    @property
    def mark(self) -> str | None:
        """What it is found by in a channel's history."""
        return self.blocks[0].get("block_id") if self.blocks else None

    def marked(self, mark: str) -> "Message":
        return replace(self, blocks=[{**block, "block_id": mark} for block in self.blocks[:1]] + self.blocks[1:])


def escape(text: str) -> str:
    """mrkdwn's three entities: no mention, link or broadcast is left in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fence(text: str) -> str:
    """A code block; three backticks inside are parted by a zero-width space."""
    return f"```\n{escape(text.replace(FENCE, _PARTED_FENCE))}\n```"


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION_CHARACTERS]}}


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


def build_refusal(text: str) -> Message:
    """A refusal quotes what was typed, so that nothing in it may do anything; people and channels stay links."""
    return build_words(_LINKS.sub(r"<\1>", escape(text)))


def build_result(result: Result, lang: Lang) -> Message:
    """The kubectl line, then what kubectl would print, or what its failure means."""
    blocks = [context(f"`{escape(result.line)}`")] if result.line else []
    attachment = None
    if result.stdout:
        text, shown, total = cut(result.stdout, OUTPUT_CHARACTERS)
        text = text or f"{result.stdout[:OUTPUT_CHARACTERS]}…"  # one row alone is too long
        blocks.append(section(fence(text.rstrip("\n"))))
        if shown < total + result.left:
            blocks.append(context(SHOWN[lang].format(shown=shown, total=total + result.left)))
            attachment = result.stdout
    if result.stderr and not (result.explanation and result.status):
        blocks.append(section(fence(result.stderr.rstrip())))
    if result.explanation:
        blocks.append(section(escape(result.explanation[lang])))
    summary = result.explanation[lang] if result.explanation else (result.stderr or result.stdout).strip()
    return Message(
        summary.partition("\n")[0] or result.line,
        blocks,
        public=result.writes and (result.status == 0 or bool(result.stdout)),
        attachment=attachment,
    )
