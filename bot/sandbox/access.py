"""Who may do what where, by the table: only to explain before a call. The API server decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import NotAllowed
from bot.language import Text
from bot.sandbox.commands import Command, Selection
from bot.sandbox.parser.targets import some
from bot.sandbox.person import Person
from bot.sandbox.table import Scope, Verb, may
from bot.sandbox.table.rows import Kind

NO_TEAM = Text(
    "Vous n'êtes dans aucune équipe : rejoignez le canal de la vôtre, ou demandez à un formateur.",
    "You are in no team: join your team's channel, or ask a trainer.",
)
TRAINERS_ONLY = Text(
    "`{verb}` est réservé aux formateurs : demandez à l'un d'eux, ou regardez d'abord avec `/k8s get deployments`.",
    "`{verb}` is for trainers only: ask one of them, or have a look first with `/k8s get deployments`.",
)
OTHER_NAMESPACE = Text(
    "{who}, vous n'avez pas accès au namespace `{namespace}`. Vous avez accès à : {namespaces}. "
    "Exemple : `/k8s {example}`.",
    "{who}, you have no access to the namespace `{namespace}`. You have access to: {namespaces}. "
    "Example: `/k8s {example}`.",
)
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
    """The namespaces of the sandbox, and those that everyone may look into."""

    sandbox: tuple[str, ...]
    read_only: tuple[str, ...]

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
        return tuple(n for n in self.visible(person) if (scope := self.scope(person, n)) and verb.takes(kind, scope))

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

    def check_role(self, person: Person, verb: Verb) -> None:
        """Raises NotAllowed."""
        if not may(person.role, verb):
            raise NotAllowed(TRAINERS_ONLY.format(verb=verb.name))

    def check(self, person: Person, command: Command, kind: Kind, namespace: str) -> None:
        """Raises NotAllowed: who, what, where, and what is allowed instead."""
        scope = self.scope(person, namespace)
        verb = command.verb
        if scope is None:
            raise NotAllowed(self._other_namespace(person, namespace))
        if not verb.takes(kind, scope) and verb.writes:
            text = READ_ONLY.format(namespace=namespace, verb=verb.name, namespaces=quoted(self.own(person)))
            raise NotAllowed(text)
        if scope not in verb.kinds:
            namespaces = quoted(self.own(person))
            raise NotAllowed(NOT_USED_THERE.format(verb=verb.name, namespace=namespace, namespaces=namespaces))
        if not verb.takes(kind, scope):
            kinds = some(verb, verb.kinds.get(scope, ()))
            raise NotAllowed(NOT_SHOWN_THERE.format(namespace=namespace, kind=kind.resource, kinds=kinds))

    def check_named(self, person: Person, name: str) -> None:
        """`get namespace NAME`; raises NotAllowed."""
        if name not in self.visible(person):
            raise NotAllowed(self._other_namespace(person, name))

    def _other_namespace(self, person: Person, namespace: str) -> Text:
        visible = self.visible(person)
        who = STUDENT if person.role == "student" else TRAINER
        example = f"get pods -n {visible[0]}"
        return OTHER_NAMESPACE.format(who=who, namespace=namespace, namespaces=quoted(visible), example=example)


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
