"""From what Slack sends to the words of a kubectl line. Pure; the caller keeps the raw text for the journal.

No shell is behind the bot: a pipe, a continuation or a comment is answered with what to type instead.
"""

import re
import shlex
import unicodedata

from bot.errors import BadRequest
from bot.language import Text

LINK = re.compile(r"<((?:https?://|mailto:)[^|>]+)(?:\|([^>]*))?>")
MENTION = re.compile(r"<(@[UW][A-Z0-9]+|#C[A-Z0-9]+)(?:\|[^>]*)?>")
BROADCAST = re.compile(r"<!(?:here|channel|everyone|subteam\^[^>]*)(?:\|[^>]*)?>")
QUOTES = str.maketrans({**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚", "'")})
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # &amp; last, so that &amp;lt; stays &lt;
DASHES = "‐‑‒–−—―"
QUOTED = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*\"""")
SIGN = re.compile(r"\||&&|;|(?<!\S)(?:#|(?:>>?|<)(?!\S))")
CONTINUATION = re.compile(r"\\(?=\s|$)")
PREFIXES = ("$", "kubectl", "k")

SHELL = Text(
    "{sign} n'existe pas ici : il n'y a pas de shell derrière le bot. Tapez seulement `/k8s {line}` ; "
    "pour filtrer, donnez un nom ou un label : `/k8s get pods -l app=demonstration`.",
    "{sign} does not exist here: there is no shell behind the bot. Type only `/k8s {line}`; "
    "to filter, give a name or a label: `/k8s get pods -l app=demonstration`.",
)
BACKSLASH = Text(
    "`\\` ne continue pas la ligne ici : écrivez la commande sur une seule ligne, par exemple "
    "`/k8s scale deployment demonstration --replicas=3`.",
    "`\\` does not continue the line here: write the command on one line, for instance "
    "`/k8s scale deployment demonstration --replicas=3`.",
)
UNCLOSED = Text(
    "Un guillemet n'est pas refermé. Exemple : `/k8s get pods -l 'app in (web, api)'`.",
    "A quote is not closed. Example: `/k8s get pods -l 'app in (web, api)'`.",
)
CROWD = Text(
    "Une commande ne s'adresse pas à `@here` ni `@channel` : retirez la mention.",
    "A command is not addressed to `@here` or `@channel`: leave the mention out.",
)


def to_argv(text: str) -> list[str]:
    """The words after `kubectl`; raises BadRequest with a hint where only a shell would understand."""
    if BROADCAST.search(text):
        raise BadRequest(CROWD)
    plain = unescape(links_to_labels(plain_spaces(text))).translate(QUOTES).strip().strip("`").strip()
    refuse_shell(plain)
    return without_prefix([plain_dashes(word) for word in split(plain)])


def plain_spaces(text: str) -> str:
    """Every kind of space becomes one; what has no width (joiners, soft hyphens, marks of direction) goes."""
    kinds = ((char, unicodedata.category(char)) for char in text)
    return "".join(" " if kind[0] == "Z" or char in "\t\r\n" else char for char, kind in kinds if kind != "Cf")


def links_to_labels(text: str) -> str:
    return MENTION.sub(r"\1", LINK.sub(link_to_label, text))


def link_to_label(link: re.Match[str]) -> str:
    url, label = link[1], link[2]
    added_by_slack = label and url.removesuffix("/") in (f"http://{label}", f"https://{label}", f"mailto:{label}")
    return str(label if added_by_slack else url)


def unescape(text: str) -> str:
    for entity, char in ENTITIES:
        text = text.replace(entity, char)
    return text


def split(text: str) -> list[str]:
    try:
        return [word.strip("`") for word in shlex.split(text)]
    except ValueError as error:
        raise BadRequest(UNCLOSED) from error


def plain_dashes(word: str) -> str:
    """Only at the start of a word, where a keyboard made `—replicas` of `--replicas`; never inside a value.

    One letter after it had one dash: kubectl has no long flag of one letter. Alone it was two.
    """
    name = word.lstrip(DASHES + "-")
    dashes = word[: len(word) - len(name)]
    if dashes.strip("-") == "":
        return word
    if not name:
        return "--"
    return ("--" if len(name.split("=")[0]) > 1 else "-") + name


def refuse_shell(text: str) -> None:
    """Raises BadRequest for what only a shell understands; between quotes everything is just text."""
    bare = QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    if CONTINUATION.search(bare):
        raise BadRequest(BACKSLASH)
    if sign := SIGN.search(bare):
        kept = without_prefix([plain_dashes(word) for word in split(text[: sign.start()])])
        raise BadRequest(SHELL.format(sign=f"`{sign[0]}`", line=shlex.join(kept) or "get pods"))


def without_prefix(words: list[str]) -> list[str]:
    """`$ kubectl get pods` is `get pods`; a phone's capital on the verb goes too."""
    while words and words[0].lower() in PREFIXES:
        words = words[1:]
    capital = words and words[0].isalpha()
    return [words[0].lower(), *words[1:]] if capital else words
