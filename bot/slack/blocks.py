"""Block Kit, built by pure functions. The only place that knows Slack's limits and its markup.

Commands and tables are mrkdwn sections with fences: every Slack client shows them monospaced.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.knowledge import Answer, Part
from bot.language import Lang, Text
from bot.sandbox import Result, cut
from bot.slack.inbox import SHOW_ENTRY, button

Block = dict[str, Any]

# A section holds 3 000 characters; escapes lengthen text, and the fence and a note want room.
OUTPUT_CHARACTERS = 2_800
_SECTION_CHARACTERS = 3_000
_BUTTON_CHARACTERS = 75
_FENCE = "```"
_PARTED_FENCE = "`\u200b``"

CHOOSE_LANGUAGE = "choose-language"

NEAREST = Text("Les fiches les plus proches :", "The nearest entries:")
RELATED = Text("Voir aussi :", "See also:")
NO_TEXT = Text(
    "Je ne lis pas les images. Collez ici le texte de la commande et du message d'erreur, et je cherche.",
    "I cannot read pictures. Paste the text of the command and of the error here, and I will look.",
)
EMPTY = Text(
    "Posez-moi une question sur le cours, par exemple : `comment lister les pods ?`",
    "Ask me something about the course, for instance: `how do I list the pods?`",
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
HOME = Text(
    "*Bonjour !* Je réponds aux questions du cours Kubernetes et j'exécute `/k8s` sur le bac à sable.\n\n"
    "*Trois choses à essayer*\n"
    "1. Dans le canal du cours : `@timonier comment voir les pods ?`\n"
    "2. Dans le canal du bac à sable : `/k8s get pods`\n"
    "3. Côté formateur : `/k8s scale deployment demonstration --replicas=5`\n\n"
    "`/k8s help` montre tout ce qui est permis.",
    "*Hello!* I answer questions about the Kubernetes course and run `/k8s` on the sandbox.\n\n"
    "*Three things to try*\n"
    "1. In the course channel: `@timonier how do I see the pods?`\n"
    "2. In the sandbox channel: `/k8s get pods`\n"
    "3. As a trainer: `/k8s scale deployment demonstration --replicas=5`\n\n"
    "`/k8s help` shows all that is allowed.",
)
LANGUAGE = Text("Langue des réponses à `/k8s`", "Language of the answers to `/k8s`")


@dataclass(frozen=True, slots=True)
class Message:
    """A reply: ``text`` for notifications and screen readers. ``public``: for the whole channel.
    ``attachment``: the whole of an output that was cut."""

    text: str
    blocks: list[Block]
    public: bool = True
    attachment: str | None = None


def escape(text: str) -> str:
    """mrkdwn's three entities: no mention, link or broadcast is left in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fence(text: str) -> str:
    """A code block; three backticks inside are parted by a zero-width space."""
    return f"```\n{escape(text.replace(_FENCE, _PARTED_FENCE))}\n```"


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION_CHARACTERS]}}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:_SECTION_CHARACTERS]}]}


def build_words(text: str, *, public: bool = False) -> Message:
    """A sentence of ours, with inline code at most."""
    return Message(text, [section(text)], public=public)


def build_answer(answer: Answer) -> Message:
    """Explanation, each command in its own block with what it does, source, other entries as buttons."""
    blocks = [block for part in answer.parts for block in _part(part)]
    for heading, entries in ((RELATED, answer.related), (NEAREST, answer.nearest)):
        if entries:
            blocks += [context(heading[answer.lang]), _entry_buttons(entries)]
    return Message(answer.parts[0].explanation, blocks)


def _part(part: Part) -> Iterator[Block]:
    if part.title:
        yield section(f"*{escape(part.title)}*")
    yield section(escape(part.explanation))
    for command in part.commands:
        yield section(f"{escape(command.does)}\n{fence(command.run)}")
    if part.source:
        yield context(escape(part.source))


def build_result(result: Result, lang: Lang) -> Message:
    """The kubectl line, then what kubectl would print, or what its failure means."""
    blocks = [context(f"`{escape(result.line)}`")] if result.line else []
    attachment = None
    if result.stdout:
        text, shown, total = cut(result.stdout, OUTPUT_CHARACTERS)
        blocks.append(section(fence(text.rstrip("\n"))))
        if shown < total + result.left:
            blocks.append(context(SHOWN[lang].format(shown=shown, total=total + result.left)))
            attachment = result.stdout
    if result.explanation:
        blocks.append(section(escape(result.explanation[lang])))
    elif result.stderr:
        blocks.append(section(fence(result.stderr.rstrip())))
    summary = result.explanation[lang] if result.explanation else (result.stderr or result.stdout).strip()
    return Message(
        summary.partition("\n")[0] or result.line,
        blocks,
        public=result.writes and result.status == 0,
        attachment=attachment,
    )


def build_home(lang: Lang) -> dict[str, Any]:
    """The bot's Home: three things to try, and the language of its private answers."""
    buttons = [
        {
            "type": "button",
            "action_id": f"{CHOOSE_LANGUAGE}-{choice}",
            "text": {"type": "plain_text", "text": name},
            "value": choice,
            **({"style": "primary"} if choice == lang else {}),
        }
        for choice, name in (("fr", "Français"), ("en", "English"))
    ]
    blocks = [
        section(HOME[lang]),
        {"type": "divider"},
        section(LANGUAGE[lang]),
        {"type": "actions", "elements": buttons},
    ]
    return {"type": "home", "blocks": blocks}


def _entry_buttons(entries: Iterable[tuple[str, str]]) -> Block:
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": title[:_BUTTON_CHARACTERS]},
            **button(SHOW_ENTRY, entry_id, position),
        }
        for position, (entry_id, title) in enumerate(entries)
    ]
    return {"type": "actions", "elements": buttons}
