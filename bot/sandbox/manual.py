"""The documentation's pages of commands, made from the table; ``make docs`` writes them to docs/."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.language import Lang, Text
from bot.sandbox.help import GROUPS, group_of, whose_is, written
from bot.sandbox.parser.targets import listed
from bot.sandbox.table import VERBS, Scope, Verb

DOCS = Path(__file__).parents[2] / "docs"
PAGES: Mapping[Lang, Path] = {"fr": DOCS / "commandes.md", "en": DOCS / "commands.md"}

TITLE = Text("# Les commandes de `/k8s`", "# The commands of `/k8s`")
MADE = Text(
    "<!-- Faite de bot/sandbox/table/ par `make docs`. Ne pas modifier. -->",
    "<!-- Made from bot/sandbox/table/ by `make docs`. Do not edit. -->",
)
INTRODUCTION = Text(
    "Elles s'écrivent comme avec kubectl et répondent avec ses mots, sous les droits de la personne qui les tape. "
    "`@timonier k8s …` fait de même dans un fil ou en message direct. Ce qui est aux formateurs est aussi aux "
    "étudiants des namespaces que nomme `sandbox.studentsWrite`.",
    "They are written as with kubectl and answer in its words, under the rights of whoever types them. "
    "`@timonier k8s …` does the same in a thread or a direct message. What is for trainers is also for the students of "
    "the namespaces that `sandbox.studentsWrite` names.",
)
FLAG, DOES = Text("Option", "Flag"), Text("Effet", "Effect")
PLACES: Mapping[Scope, Text] = {
    "sandbox": Text("Dans le bac à sable : {kinds}.", "In the sandbox: {kinds}."),
    "read-only": Text("Dans les namespaces en lecture seule : {kinds}.", "In the read-only namespaces: {kinds}."),
    "cluster": Text("Hors des namespaces : {kinds}.", "Outside of namespaces: {kinds}."),
}


def page(lang: Lang) -> str:
    """What the page of that language must hold."""
    parts = [MADE[lang], TITLE[lang], INTRODUCTION[lang]]
    for name, title in GROUPS.items():
        parts.append(f"## {title[lang].strip('*')}")
        parts += (part for verb in VERBS.values() if group_of(verb) == name for part in about(verb, lang))
    return "\n\n".join(parts) + "\n"


def about(verb: Verb, lang: Lang) -> Iterable[str]:
    yield f"### `{verb.name}`{whose_is(verb, lang, ())}"
    yield f"{verb.does[lang][0].upper()}{verb.does[lang][1:]}."
    yield "\n".join(("```", verb.usage, "```"))
    if verb.flags:
        rows = (f"| `{cell(written(flag))}` | {flag.does[lang]} |" for flag in verb.flags)
        yield "\n".join((f"| {FLAG[lang]} | {DOES[lang]} |", "|---|---|", *rows))
    yield from (PLACES[scope].format(kinds=listed(kinds))[lang] for scope, kinds in verb.kinds.items())
    yield "\n".join(("```", *(f"/k8s {example}" for example in verb.examples), "```"))


def cell(text: str) -> str:
    return text.replace("|", "\\|")
