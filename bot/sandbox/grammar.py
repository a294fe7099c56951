"""kubectl's command line: which verb, which flags in which of their forms, which words are left. Pure.

Nothing is guessed: what the table does not have is refused, with the nearest form that it has.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from bot.errors import BadRequest
from bot.language import Text
from bot.sandbox import not_offered
from bot.sandbox.errors import OnYourMachine, UsageError
from bot.sandbox.names import DNS_LABEL, checked_name
from bot.sandbox.table import HELP, VERBS, Verb
from bot.sandbox.table.flags import NAMESPACE
from bot.sandbox.table.rows import Flag

FAMILIES = frozenset(name.split()[0] for name in VERBS if " " in name)
"""`auth` of `auth can-i`."""
TRUE, FALSE = ("1", "t", "T", "true", "TRUE", "True"), ("0", "f", "F", "false", "FALSE", "False")
CASELESS = ("json", "yaml", "name")
SUGGESTED_DISTANCE = 2
LONGEST_LINE = 2000  # characters; the longest sensible one has a few hundred
NEAR = 60  # of 100: `deploiements` finds deployments, `xyz` finds nothing

TOO_LONG = Text(
    "Cette commande est trop longue. Exemple : `/k8s get pods`.", "This command is too long. Example: `/k8s get pods`."
)
NUL = Text(
    "Cette commande contient un caractère illisible. Exemple : `/k8s get pods`.",
    "This command contains an unreadable character. Example: `/k8s get pods`.",
)
NOT_HERE = Text("`{word}` n'est pas proposé ici. {reason}", "`{word}` is not offered here. {reason}")
UNKNOWN_VERB = Text(
    "`{word}` n'est pas une commande.{near} Les commandes : {verbs}.",
    "`{word}` is not a command.{near} The commands: {verbs}.",
)
UNKNOWN_FLAG = Text(
    "`{verb}` n'a pas d'option `{flag}`.{near} Ses options : {flags}.",
    "`{verb}` has no flag `{flag}`.{near} Its flags: {flags}.",
)
NEAREST = Text(" Vouliez-vous dire `{word}` ?", " Did you mean `{word}`?")
NO_VALUE = Text(
    "Il manque la valeur de `{flag}`. Exemple : `/k8s {example}`.", "`{flag}` has no value. Example: `/k8s {example}`."
)
WRONG_VALUE = Text(
    "`{flag}` ne prend pas `{value}`. Valeurs possibles : {values}.",
    "`{flag}` does not take `{value}`. It takes: {values}.",
)


@dataclass(frozen=True, slots=True)
class Words:
    """A command line taken apart. ``flags``: long name → value, "true" for a switch that is on.

    ``dash``: how many of ``args`` stand before `--`, None where there is none.
    """

    verb: Verb
    args: tuple[str, ...]
    flags: Mapping[str, str]
    dash: int | None = None

    @property
    def before_dash(self) -> tuple[str, ...]:
        return self.args[: self.dash]

    @property
    def after_dash(self) -> tuple[str, ...]:
        return () if self.dash is None else self.args[self.dash :]

    @property
    def namespace(self) -> str | None:
        return self.flags.get("namespace")

    def switch(self, name: str) -> bool:
        return self.flags.get(name) == "true"

    def line(self, namespace: str | None = None) -> str:
        """The whole kubectl line, quoted for a shell; ``namespace`` where none was given."""
        flags = {**({"namespace": namespace} if namespace else {}), **self.flags}
        words = (word for flag in self.verb.flags if flag.name in flags for word in written(flag, flags[flag.name]))
        after = () if self.dash is None else ("--", *self.after_dash)
        return shlex.join(("kubectl", *self.verb.name.split(), *self.before_dash, *words, *after))


def written(flag: Flag, value: str) -> tuple[str, ...]:
    if flag.short:
        return (f"-{flag.short}", value) if flag.value else ((f"-{flag.short}",) if value == "true" else ())
    return (f"--{flag.name}={value}",) if flag.value else ((f"--{flag.name}",) if value == "true" else ())


def read(argv: Sequence[str]) -> Words:
    """The words of ``argv`` (without `kubectl`), or of `help` for a plea for help; raises BadRequest."""
    if sum(map(len, argv)) > LONGEST_LINE:
        raise BadRequest(TOO_LONG)
    if any(not char.isprintable() for word in argv for char in word):
        raise BadRequest(NUL)
    place = place_of_verb(argv)
    if place is None:
        return Words(HELP, (), {})
    if argv[place] in not_offered.FROM_YOUR_MACHINE and argv[place + 1 :] and not asks_for_help(argv):
        raise OnYourMachine((*argv[place:], *argv[:place]))
    verb, rest = take_verb(argv, place)
    if verb is HELP:
        return Words(HELP, tuple(rest[: 2 if rest and rest[0] in FAMILIES else 1]), {})
    if verb is None:
        return Words(HELP, (argv[place],), {})
    if asks_for_help(rest):
        return Words(HELP, tuple(verb.name.split()), {})
    return read_flags(verb, rest)


def place_of_verb(argv: Sequence[str]) -> int | None:
    """The first word that is no flag; `kubectl -n team get pods` is fine with kubectl."""
    place = 0
    while place < len(argv):
        word = argv[place]
        if not word.startswith("-") or word in HELP.aliases:
            return place
        place += 2 if word in ("-n", "--namespace") else 1
    return None


def take_verb(argv: Sequence[str], place: int) -> tuple[Verb | None, list[str]]:
    """The verb whose first word is at ``place``, and the other words; no verb for `auth` alone, which asks for help."""
    first, rest = argv[place], [*argv[:place], *argv[place + 1 :]]
    if first not in FAMILIES:
        return find_verb(first), rest
    second = place_of_verb(rest)
    if second is None or rest[second] in HELP.aliases or rest[second] == HELP.name:
        return None, rest
    others = [word for word in rest[second + 1 :] if not word.startswith("-")]
    return find_verb(f"{first} {rest[second]}", others), [*rest[:second], *rest[second + 1 :]]


def find_verbs(word: str) -> tuple[Verb, ...]:
    """The one of that name, or those of a family such as `auth`; raises BadRequest."""
    return tuple(verb for verb in VERBS.values() if verb.name.startswith(f"{word} ")) or (find_verb(word),)


def find_verb(word: str, others: Sequence[str] = ()) -> Verb:
    """By its name, of one word or two; ``others`` follow it. Raises BadRequest."""
    for verb in VERBS.values():
        if word == verb.name or word in verb.aliases:
            return verb
    family, _, second = word.rpartition(" ")
    if reason := not_offered.VERBS.get(word) or not_offered.VERBS.get(family):
        raise BadRequest(NOT_HERE.format(word=word, reason=reason))
    verbs = ", ".join(f"`{name}`" for name in VERBS if name.startswith(family))
    near = did_you_mean(word, [*VERBS, *not_offered.VERBS])
    stderr = (
        f"error: unknown command \"{' '.join((second, *others))}\"\nSee 'kubectl {family} -h' for help and examples"
        if family
        else f'error: unknown command "{word}" for "kubectl"{suggestions(word)}'
    )
    raise UsageError(UNKNOWN_VERB.format(word=word, near=near, verbs=verbs), stderr)


def suggestions(word: str) -> str:
    """kubectl's own, of all its commands."""
    near = [
        name
        for name in not_offered.KUBECTL
        if name.startswith(word.lower()) or Levenshtein.distance(word.lower(), name) <= SUGGESTED_DISTANCE
    ]
    return "".join(("\n\nDid you mean this?", *(f"\n\t{name}" for name in near))) if near else ""


def asks_for_help(words: Sequence[str]) -> bool:
    before_names = words[: words.index("--")] if "--" in words else words
    return "-h" in before_names or "--help" in before_names or list(words) in (["help"], ["aide"])


def read_flags(verb: Verb, words: Sequence[str]) -> Words:
    """As pflag reads them: anywhere, `--flag=v`, `--flag v`, `-n v`, `-nv`, `-n=v`, `-Aowide`; `--` ends them."""
    args: list[str] = []
    flags: dict[str, str] = {}
    left = list(words)
    while left:
        word = left.pop(0)
        if word == "--":
            return Words(verb, (*args, *left), flags, len(args))
        if word.startswith("--"):
            read_long(verb, word[2:], left, flags)
        elif word.startswith("-") and word != "-":
            read_short(verb, word[1:], left, flags)
        else:
            args.append(word)
    return Words(verb, tuple(args), flags)


def read_long(verb: Verb, word: str, left: list[str], flags: dict[str, str]) -> None:
    name, equals, value = word.partition("=")
    flag = find_flag(verb, f"--{name}", f"unknown flag: --{name}", lambda known: known.name == name)
    if not equals:
        value = "true" if not flag.value else take_value(verb, f"--{name}", left, f"flag needs an argument: --{name}")
    put(verb, flags, flag, value)


def read_short(verb: Verb, letters: str, left: list[str], flags: dict[str, str]) -> None:
    while whole := letters:
        letter, letters = letters[0], letters[1:]
        stderr = f"unknown shorthand flag: '{letter}' in -{whole}"
        flag = find_flag(verb, f"-{letter}", stderr, partial(has_letter, letter))
        if letters[:1] == "=" != letters:
            value, letters = letters[1:], ""
        elif not flag.value:
            value = "true"
        elif letters:
            value, letters = letters, ""
        else:
            value = take_value(verb, f"-{letter}", left, f"flag needs an argument: '{letter}' in -{whole}")
        put(verb, flags, flag, value)


def put(verb: Verb, flags: dict[str, str], flag: Flag, value: str) -> None:
    """Where a few values are taken, and of namespaces, an empty one is none."""
    if not value and (flag.values or flag is NAMESPACE):
        flags.pop(flag.name, None)
        return
    if flag.many:
        value = ",".join(filter(None, (flags.get(flag.name), value)))
    flags[flag.name] = checked(verb, flag, value)


def has_letter(letter: str, flag: Flag) -> bool:
    return letter in (flag.short, flag.letter)


def find_flag(verb: Verb, shown: str, stderr: str, known: Callable[[Flag], bool]) -> Flag:
    if flag := next(filter(known, verb.flags), None):
        return flag
    name = shown.lstrip("-")
    if reason := not_offered.flag_refusal(verb.name, name):
        raise BadRequest(NOT_HERE.format(word=shown, reason=reason))
    flags = [f"--{flag.name}" for flag in verb.flags]
    listed = ", ".join(f"`{flag}`" for flag in flags)
    text = UNKNOWN_FLAG.format(verb=verb.name, flag=shown, near=did_you_mean(shown, flags), flags=listed)
    raise UsageError(text, f"error: {stderr}\nSee 'kubectl {verb.name} --help' for usage.")


def take_value(verb: Verb, shown: str, left: list[str], stderr: str) -> str:
    if left:
        return left.pop(0)
    text = NO_VALUE.format(flag=shown, example=verb.examples[0])
    raise UsageError(text, f"error: {stderr}\nSee 'kubectl {verb.name} --help' for usage.")


def checked(verb: Verb, flag: Flag, value: str) -> str:
    if not flag.value:
        return checked_switch(verb, flag, value)
    value = value.lower() if value.lower() in CASELESS else value
    if not flag.takes(value):
        values = ", ".join(f"`{known}`" for known in flag.values)
        text = WRONG_VALUE.format(flag=f"--{flag.name}", value=value, values=values)
        if flag.unknown and value.partition("=")[0] not in flag.theirs:
            raise UsageError(text, f"error: {flag.unknown.format(value=value)}")
        raise BadRequest(text)
    if flag is NAMESPACE:
        checked_name(value, DNS_LABEL)
    return value


def checked_switch(verb: Verb, flag: Flag, value: str) -> str:
    if value in TRUE or value in FALSE:
        return "true" if value in TRUE else "false"
    text = WRONG_VALUE.format(flag=f"--{flag.name}", value=value, values="`true`, `false`")
    raise wrong_argument(verb, flag, value, f'strconv.ParseBool: parsing "{value}": invalid syntax', text)


def wrong_argument(verb: Verb, flag: Flag, value: str, problem: str, text: Text) -> UsageError:
    letter = flag.short or flag.letter
    names = f"-{letter}, --{flag.name}" if letter else f"--{flag.name}"
    stderr = f'error: invalid argument "{value}" for "{names}" flag: {problem}'
    return UsageError(text, f"{stderr}\nSee 'kubectl {verb.name} --help' for usage.")


def did_you_mean(word: str, known: Iterable[str]) -> Text | str:
    near = nearest(word, known)
    return NEAREST.format(word=near[0]) if near else ""


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """The ``count`` closest of ``known``, best first, none where nothing is close."""
    found = process.extract(word, list(known), scorer=fuzz.ratio, limit=count, score_cutoff=NEAR)
    return [name for name, _, _ in found]
