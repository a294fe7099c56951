"""Who may do what where, by the table: only to explain before a call. The API server decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.language import Text
from bot.sandbox.commands import Command, Selection
from bot.sandbox.errors import Forbidden, TrainersOnly
from bot.sandbox.parser.targets import some
from bot.sandbox.person import Person
from bot.sandbox.table import Scope, Verb, may
from bot.sandbox.table.rows import Kind

NO_TEAM = Text(
    "Vous n'êtes dans aucune équipe : rejoignez le canal de la vôtre, ou demandez à un formateur.",
    "You are in no team: join your team's channel, or ask a trainer.",
)
TRAINERS_ONLY = Text(
    "{who}, vous ne pouvez pas {deed} : c'est réservé aux formateurs. Demandez à l'un d'eux, ou regardez d'abord avec "
    "`/k8s get deployments`.",
    "{who}, you cannot {deed}: it is for trainers only. Ask one of them, or have a look first with "
    "`/k8s get deployments`.",
)
TRAINERS_ONLY_THERE = Text(
    "{who}, vous ne pouvez pas {deed} : là, c'est réservé aux formateurs. Vous pouvez le faire dans : {namespaces}.",
    "{who}, you cannot {deed}: there it is for trainers only. You can do it in: {namespaces}.",
)
OTHER_NAMESPACE = Text(
    "{who}, vous ne pouvez pas {deed} : {open_to}. Vous avez accès à : {namespaces}. Exemple : `/k8s {example}`.",
    "{who}, you cannot {deed}: {open_to}. You have access to: {namespaces}. Example: `/k8s {example}`.",
)
OF_OTHERS = Text(
    "ce namespace est à ses étudiants et aux formateurs", "that namespace is for its students and the trainers"
)
OF_NOBODY = Text("le bot ne va dans ce namespace pour personne", "the bot goes to that namespace for nobody")
DO = Text("faire `{verb}`{what}", "`{verb}`{what}")
TO = Text(" sur `{kinds}` dans `{namespace}`", " `{kinds}` in `{namespace}`")
SEE = Text("voir le namespace `{namespace}`", "see the namespace `{namespace}`")
READ_ONLY = Text(
    "`{namespace}` est en lecture seule pour tous : `{verb}` n'y est pas possible. Il l'est dans : {namespaces}.",
    "`{namespace}` is read-only for everyone: `{verb}` is not possible there. It is in: {namespaces}.",
)
NOT_SHOWN_THERE = Text(
    "Dans `{namespace}`, les `{kind}` ne se lisent pas. On peut y lire : {kinds}.",
    "In `{namespace}`, `{kind}` cannot be read. You can read there: {kinds}.",
)
NOT_USED_THERE = Text(
    "`{verb}` n'est pas ouvert dans `{namespace}`. Il l'est dans : {namespaces}.",
    "`{verb}` is not open in `{namespace}`. It is in: {namespaces}.",
)
STUDENT = Text("En tant qu'étudiant", "As a student")
TRAINER = Text("En tant que formateur", "As a trainer")


@dataclass(frozen=True, slots=True)
class Places:
    """The namespaces of the sandbox, those that everyone may look into, and those where the team's students write."""

    sandbox: tuple[str, ...]
    read_only: tuple[str, ...]
    students_write: tuple[str, ...] = ()

    def own(self, person: Person) -> tuple[str, ...]:
        return (
            person.namespaces if person.role == "student" else tuple(dict.fromkeys((*person.namespaces, *self.sandbox)))
        )

    def visible(self, person: Person) -> tuple[str, ...]:
        return tuple(sorted({*self.own(person), *self.read_only}))

    def scope(self, person: Person, namespace: str) -> Scope | None:
        if namespace in self.own(person):
            return "sandbox"
        return "read-only" if namespace in self.read_only else None

    def where(self, person: Person, verb: Verb, kind: Kind) -> tuple[str, ...]:
        """The namespaces where ``person`` may use ``verb`` on ``kind``, in order."""
        return tuple(
            namespace
            for namespace in self.visible(person)
            if self.may(person, verb, namespace)
            and (scope := self.scope(person, namespace))
            and verb.takes(kind, scope)
        )

    def is_open(self, command: Command) -> bool:
        """Whether somebody may do it in the namespace that it names, if it names one."""
        verb, where = command.verb, command.namespace
        if where is None or where in self.sandbox:
            return True
        kinds = {r.kind for r in command.resources} - command.optional if isinstance(command, Selection) else ()
        return (
            where in self.read_only
            and "read-only" in verb.kinds
            and all(verb.takes(kind, "read-only") for kind in kinds)
        )

    def may(self, person: Person, verb: Verb, namespace: str) -> bool:
        own = namespace in person.namespaces and namespace in self.students_write
        return may(person.role, verb) or (verb.writes and own)

    def offers(self, person: Person, verb: Verb) -> bool:
        """Whether ``person`` may use it somewhere."""
        return may(person.role, verb) or any(self.may(person, verb, namespace) for namespace in person.namespaces)

    def check_role(self, person: Person, verb: Verb, namespace: str, kinds: Iterable[Kind] = ()) -> None:
        """Raises NotAllowed; ``kinds`` only to say what of."""
        if self.may(person, verb, namespace):
            return
        did = deed(verb, kinds, namespace)
        open_in = [own for own in person.namespaces if self.may(person, verb, own)]
        if not open_in:
            raise TrainersOnly(TRAINERS_ONLY.format(who=who(person), deed=did))
        if namespace not in person.namespaces:
            raise self._elsewhere(person, verb, namespace, did)
        raise TrainersOnly(TRAINERS_ONLY_THERE.format(who=who(person), deed=did, namespaces=quoted(open_in)))

    def check(self, person: Person, command: Command, kind: Kind, namespace: str) -> None:
        """Raises NotAllowed: who, what, where, and what is allowed instead."""
        scope = self.scope(person, namespace)
        verb = command.verb
        if scope is None or (not verb.takes(kind, scope) and verb.writes):
            raise self._elsewhere(person, verb, namespace, deed(verb, [kind], namespace))
        look = f"can -n {namespace}"
        if scope not in verb.kinds:
            namespaces = quoted(self.own(person))
            raise Forbidden(NOT_USED_THERE.format(verb=verb.name, namespace=namespace, namespaces=namespaces), look)
        if not verb.takes(kind, scope):
            kinds = some(verb, verb.kinds.get(scope, ()))
            raise Forbidden(NOT_SHOWN_THERE.format(namespace=namespace, kind=kind.resource, kinds=kinds), look)

    def check_named(self, person: Person, name: str) -> None:
        """`get namespace NAME`; raises NotAllowed."""
        if name not in self.visible(person):
            raise self._other_namespace(person, name, SEE.format(namespace=name))

    def _elsewhere(self, person: Person, verb: Verb, namespace: str, deed: Text) -> Forbidden:
        """Why a namespace that is not the person's own takes no ``verb``."""
        if not (verb.writes and namespace in self.read_only):
            return self._other_namespace(person, namespace, deed)
        text = READ_ONLY.format(namespace=namespace, verb=verb.name, namespaces=quoted(self.own(person)))
        return Forbidden(text, f"can -n {namespace}")

    def _other_namespace(self, person: Person, namespace: str, deed: Text) -> Forbidden:
        visible = self.visible(person)
        text = OTHER_NAMESPACE.format(
            who=who(person),
            deed=deed,
            open_to=OF_OTHERS if namespace in self.sandbox else OF_NOBODY,
            namespaces=quoted(visible),
            example=f"get pods -n {visible[0]}",
        )
        return Forbidden(text, "get namespaces")


def who(person: Person) -> Text:
    return STUDENT if person.role == "student" else TRAINER


def deed(verb: Verb, kinds: Iterable[Kind], namespace: str) -> Text:
    names = ", ".join(kind.resource for kind in kinds)
    return DO.format(verb=verb.name, what=TO.format(kinds=names, namespace=namespace) if names else "")


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
