"""`/k8s help`, made from the table."""

from bot.language import Lang, Text
from bot.sandbox.grammar import find_verb
from bot.sandbox.parser.targets import kinds_of, listed
from bot.sandbox.table import VERBS, Verb
from bot.sandbox.table.rows import Flag

INTRODUCTION = Text("Les commandes, comme avec kubectl :", "The commands, as with kubectl:")
MORE = Text("Pour en savoir plus : `/k8s help get`.", "To know more: `/k8s help get`.")
FOR_TRAINERS = Text(" (formateurs)", " (trainers)")
USAGE, FLAGS = Text("Forme", "Form"), Text("Options", "Flags")
KINDS, EXAMPLES = Text("Types", "Types"), Text("Exemples", "Examples")
COLON = Text(" :", ":")


def help_text(lang: Lang, verb: str | None) -> str:
    """All commands, or one: its form, flags, types and examples. Raises BadRequest for one that there is not."""
    return help_of(find_verb(verb), lang) if verb else overview(lang)


def overview(lang: Lang) -> str:
    lines = [f"• `/k8s {verb.examples[0]}` — {summary(verb, lang)}" for verb in VERBS.values()]
    return "\n".join((INTRODUCTION[lang], *lines, MORE[lang]))


def summary(verb: Verb, lang: Lang) -> str:
    return verb.does[lang] + (FOR_TRAINERS[lang] if verb.role == "trainer" else "")


def help_of(verb: Verb, lang: Lang) -> str:
    colon = COLON[lang]
    parts = [f"`{verb.name}` — {summary(verb, lang)}", f"{USAGE[lang]}{colon} `/k8s {verb.usage}`"]
    if verb.flags:
        parts += [FLAGS[lang] + colon, *(f"• `{written(flag)}` — {flag.does[lang]}" for flag in verb.flags)]
    if verb.kinds:
        parts.append(f"{KINDS[lang]}{colon} {listed(kinds_of(verb))}")
    return "\n".join((*parts, EXAMPLES[lang] + colon, *(f"• `/k8s {example}`" for example in verb.examples)))


def written(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else ""
    value = "|".join(flag.values) or flag.value
    return f"{short}--{flag.name}{f'={value}' if value else ''}"
