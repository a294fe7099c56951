"""Which choices there are after those that were made: by the table, this person's places and the catalog. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from bot.language import LANGS, Text
from bot.sandbox.access import Places
from bot.sandbox.builder.line import SWITCHES, VERB, Chosen
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.parser.targets import kinds_of
from bot.sandbox.person import Person
from bot.sandbox.table import VERBS, Verb
from bot.sandbox.table.arguments import TYPE
from bot.sandbox.table.flags import NAMESPACE
from bot.sandbox.table.reads import GET
from bot.sandbox.table.rows import Argument, Flag

PLACE = f"--{NAMESPACE.name}"
DECISIVE = (VERB, TYPE.name, PLACE)
"""The fields that decide which others there are, and what in them."""
LISTED = 99  # names; a list in Slack has 100 options, and one is for no name

COMMAND, OPTIONS = Text("Commande", "Command"), Text("Options", "Options")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to choose among ``options`` (value → what is read) or, where there are none, to type.

    ``within``: what it is a field of; the same of something else is another. ``many``: several may be chosen.
    ``search``: there are more than can be listed.
    """

    key: str
    label: Text
    options: Mapping[str, Text]
    value: str
    within: str
    placeholder: str = ""
    required: bool = False
    many: bool = False
    search: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """The choices so far, each replaced where this person does not have it. ``types``: by what is chosen for them."""

    chosen: Chosen
    person: Person
    verbs: tuple[Verb, ...]
    verb: Verb
    types: Mapping[str, Resource]
    type: str
    namespaces: tuple[str, ...]
    namespace: str

    @classmethod
    def of(cls, chosen: Chosen, person: Person, namespace: str, places: Places, catalog: Catalog) -> Self:
        """``namespace``: the one to begin with."""
        verbs = tuple(verb for verb in VERBS.values() if places.offers(person, verb))
        verb = next((verb for verb in verbs if verb.name == chosen.get(VERB)), GET)
        types = {words_of(one, catalog): one for one in types_of(verb, person, places, catalog)}
        type_ = chosen.get(TYPE.name, "")
        type_ = type_ if type_ in types else next(iter(types), "")
        namespaces = namespaces_of(verb, types.get(type_), person, places)
        wanted = (chosen.get(PLACE), namespace, *person.namespaces, *namespaces)
        place = next((one for one in wanted if one in namespaces), namespace)
        return cls(chosen, person, verbs, verb, types, type_, namespaces, place)

    @property
    def names_of(self) -> Resource | None:
        """The type whose objects there are to choose from."""
        return self.types.get(self.type) if any(arg.among == "names" for arg in self.verb.args) else None

    def fields(self, names: tuple[str, ...]) -> Iterable[Field]:
        """``names``: more than LISTED are searched; where there are none, the name is typed."""
        verbs = {verb.name: told(verb.name, verb.does) for verb in self.verbs}
        yield Field(VERB, COMMAND, verbs, self.verb.name, "", required=True)
        args, flags = self.verb.args, [flag for flag in self.verb.flags if flag.built and flag is not NAMESPACE]
        yield from (self._argument(arg, ()) for arg in args if arg.among == "types")
        if self.namespaces:
            options, within = same(self.namespaces), f"{self.verb.name}/{self.type}"
            yield Field(PLACE, told(PLACE, NAMESPACE.does), options, self.namespace, within, required=True)
        yield from (self._argument(arg, names) for arg in args if arg.among != "types")
        yield from (self._flag(flag) for flag in sorted(flags, key=lambda flag: not flag.required) if flag.value)
        if switches := {flag.name: told(f"--{flag.name}", flag.does) for flag in flags if not flag.value}:
            yield Field(SWITCHES, OPTIONS, switches, self.chosen.get(SWITCHES, ""), self.verb.name, many=True)

    def _argument(self, arg: Argument, names: tuple[str, ...]) -> Field:
        value, within = self.chosen.get(arg.name, ""), self.verb.name
        options, search = dict[str, Text](), False
        match arg.among:
            case "types":
                options, value = {words: both(words.split()[0]) for words in self.types}, self.type
            case "names":
                within, search = f"{self.verb.name}/{self.type}/{self.namespace}", len(names) > LISTED
                options = {} if search else same(names)
                known = value in options or (not options and self.type == self.chosen.get(TYPE.name, self.type))
                value = value if known else ""
            case "namespaces":
                options = same(self.person.namespaces)
        label = told(arg.name, arg.does)
        return Field(arg.name, label, options, value, within, arg.name, arg.required, search=search)

    def _flag(self, flag: Flag) -> Field:
        key = f"--{flag.name}"
        options = same([value for value in flag.values or flag.choices if not value.endswith("=")])
        value, label = self.chosen.get(key, ""), told(key, flag.does)
        value = value if not options or value in options else ""
        return Field(key, label, options, value, self.verb.name, flag.value, flag.required)


def types_of(verb: Verb, person: Person, places: Places, catalog: Catalog) -> Iterable[Resource]:
    """Those of the verb that the cluster has, and this person somewhere."""
    for kind in kinds_of(verb):
        resource = catalog.find(str(kind))
        if resource and resource.kind == kind and (not resource.namespaced or places.where(person, verb, kind)):
            yield resource


def namespaces_of(verb: Verb, resource: Resource | None, person: Person, places: Places) -> tuple[str, ...]:
    """Where it can be used, none where that is no question."""
    if NAMESPACE not in verb.flags or any(arg.among == "namespaces" for arg in verb.args):
        return ()
    if resource is None:
        return places.visible(person)
    return places.where(person, verb, resource.kind) if resource.namespaced else ()


def words_of(resource: Resource, catalog: Catalog) -> str:
    """Its plural and its singular, as short as the catalog understands them."""
    whole = str(resource.kind)
    words = (resource.kind.resource, resource.singular)
    return " ".join(word if catalog.find(word) == resource else whole for word in words)


def told(sign: str, does: Text) -> Text:
    return Text(*(f"{sign} — {does[lang]}" for lang in LANGS))


def both(text: str) -> Text:
    return Text(text, text)


def same(words: Iterable[str]) -> dict[str, Text]:
    """Read as they are written."""
    return {word: both(word) for word in words}
