"""`/k8s help`, made from the table."""

from collections.abc import Sequence

from bot.language import Lang, Text
from bot.sandbox.grammar import find_verbs
from bot.sandbox.parser.targets import kinds_of, listed
from bot.sandbox.table import VERBS, Verb
from bot.sandbox.table.rows import Flag

INTRODUCTION = Text("Les commandes, comme avec kubectl :", "The commands, as with kubectl:")
MORE = Text("Pour en savoir plus : `/k8s help {verb}`.", "To know more: `/k8s help {verb}`.")
FOR_TRAINERS = Text(" (formateurs)", " (trainers)")
FOR_STUDENTS_THERE = Text(" (formateurs ; étudiants dans {namespaces})", " (trainers; students in {namespaces})")
USAGE, FLAGS = Text("Forme", "Form"), Text("Options", "Flags")
KINDS, EXAMPLES = Text("Types", "Types"), Text("Exemples", "Examples")
COLON = Text(" :", ":")


def help_text(lang: Lang, about: str | None, students_write: Sequence[str] = ()) -> str:
    """All commands, those of a family such as `rollout`, or one: its form, flags, types and examples.

    ``students_write``: the namespaces where a trainer's commands are theirs too. Raises BadRequest for one that there
    is not.
    """
    verbs = find_verbs(about) if about else tuple(VERBS.values())
    return overview(verbs, lang, students_write) if len(verbs) > 1 else help_of(verbs[0], lang, students_write)


def overview(verbs: Sequence[Verb], lang: Lang, students_write: Sequence[str]) -> str:
    lines = [f"• `/k8s {verb.examples[0]}` — {summary(verb, lang, students_write)}" for verb in verbs]
    return "\n".join((INTRODUCTION[lang], *lines, MORE.format(verb=verbs[0].name)[lang]))


def summary(verb: Verb, lang: Lang, students_write: Sequence[str]) -> str:
    if verb.role == "student":
        return verb.does[lang]
    if verb.writes and students_write:
        namespaces = ", ".join(f"`{namespace}`" for namespace in students_write)
        return verb.does[lang] + FOR_STUDENTS_THERE[lang].format(namespaces=namespaces)
    return verb.does[lang] + FOR_TRAINERS[lang]


def help_of(verb: Verb, lang: Lang, students_write: Sequence[str]) -> str:
    colon = COLON[lang]
    parts = [f"`{verb.name}` — {summary(verb, lang, students_write)}", f"{USAGE[lang]}{colon} `/k8s {verb.usage}`"]
    if verb.flags:
        parts += [FLAGS[lang] + colon, *(f"• `{written(flag)}` — {flag.does[lang]}" for flag in verb.flags)]
    if verb.kinds:
        parts.append(f"{KINDS[lang]}{colon} {listed(kinds_of(verb))}")
    return "\n".join((*parts, EXAMPLES[lang] + colon, *(f"• `/k8s {example}`" for example in verb.examples)))


def written(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else ""
    value = "|".join(flag.values) or flag.value
    return f"{short}--{flag.name}{f'={value}' if value else ''}"
