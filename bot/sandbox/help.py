"""`/k8s help`, made from the table."""

from collections.abc import Iterable, Sequence

from bot.language import Lang, Text
from bot.sandbox.grammar import find_verbs
from bot.sandbox.parser.targets import kinds_of, listed
from bot.sandbox.table import VERBS, Verb
from bot.sandbox.table.rows import Flag

INTRODUCTION = Text("Les commandes, comme avec kubectl :", "The commands, as with kubectl:")
MORE = Text("Pour en savoir plus : `/k8s help {verb}`.", "To know more: `/k8s help {verb}`.")
FOR_TRAINERS = Text(" (formateurs)", " (trainers)")
FOR_STUDENTS_THERE = Text(" (formateurs ; étudiants dans {namespaces})", " (trainers; students in {namespaces})")
USAGE, FLAGS = Text("*Forme*", "*Form*"), Text("*Options*", "*Flags*")
KINDS, EXAMPLES = Text("*Types*", "*Types*"), Text("*Exemples*", "*Examples*")
GROUPS = {
    "reads": Text("*Regarder*", "*Look*"),
    "writes": Text("*Changer*", "*Change*"),
    "ours": Text("*Propre à ce bot*", "*This bot's own*"),
}


def help_text(lang: Lang, about: str | None, students_write: Sequence[str] = ()) -> str:
    """All commands, those of a family such as `rollout`, or one: its form, flags, types and examples.

    ``students_write``: the namespaces where a trainer's commands are theirs too. Raises BadRequest for one that there
    is not.
    """
    verbs = find_verbs(about) if about else tuple(VERBS.values())
    return overview(verbs, lang, students_write) if len(verbs) > 1 else help_of(verbs[0], lang, students_write)


def overview(verbs: Sequence[Verb], lang: Lang, students_write: Sequence[str]) -> str:
    groups = [(title[lang], [verb for verb in verbs if group_of(verb) == name]) for name, title in GROUPS.items()]
    parts = [group(title, found, lang, students_write) for title, found in groups if found]
    return "\n\n".join((INTRODUCTION[lang], *parts, MORE.format(verb=verbs[0].name)[lang]))


def group_of(verb: Verb) -> str:
    return "ours" if verb.ours else "writes" if verb.writes else "reads"


def group(title: str, verbs: Sequence[Verb], lang: Lang, students_write: Sequence[str]) -> str:
    """Whose they are stands behind the title where all are the same people's."""
    whose = [whose_is(verb, lang, students_write) for verb in verbs]
    shared = whose[0] if len(set(whose)) == 1 else ""
    lines = (f"`/k8s {verb.examples[0]}` — {verb.does[lang]}" for verb in verbs)
    return block(title + shared, (line + ("" if shared else own) for line, own in zip(lines, whose, strict=True)))


def block(title: str, lines: Iterable[str]) -> str:
    return "\n".join((title, *(f"• {line}" for line in lines)))


def whose_is(verb: Verb, lang: Lang, students_write: Sequence[str]) -> str:
    """ "" for everyone's."""
    if verb.role == "student":
        return ""
    if verb.writes and students_write:
        namespaces = ", ".join(f"`{namespace}`" for namespace in students_write)
        return FOR_STUDENTS_THERE[lang].format(namespaces=namespaces)
    return FOR_TRAINERS[lang]


def help_of(verb: Verb, lang: Lang, students_write: Sequence[str]) -> str:
    parts = [
        f"`{verb.name}` — {verb.does[lang]}{whose_is(verb, lang, students_write)}",
        f"{USAGE[lang]}\n`/k8s {verb.usage}`",
    ]
    parts.append(block(EXAMPLES[lang], (f"`/k8s {example}`" for example in verb.examples)))
    if verb.flags:
        parts.append(block(FLAGS[lang], (f"`{written(flag)}` — {flag.does[lang]}" for flag in verb.flags)))
    if verb.kinds:
        parts.append(f"{KINDS[lang]}\n{listed(kinds_of(verb))}")
    return "\n\n".join(parts)


def written(flag: Flag) -> str:
    letter = flag.short or flag.letter
    short = f"-{letter}, " if letter else ""
    value = "|".join(flag.values) or flag.value
    return f"{short}--{flag.name}{f'={value}' if value else ''}"
