"""The brake: trainers stop all writes at once, everywhere or in one namespace. Reads go on."""

from bot.errors import NotAllowed
from bot.journal import Freeze, Freezes
from bot.language import Text
from bot.sandbox import Brake as Pull
from bot.sandbox import Person, Result

TRAINERS_ONLY = Text(
    "`{verb}` est réservé aux formateurs : demandez à l'un d'eux.", "`{verb}` is for trainers only: ask one of them."
)
NOT_OURS = Text(
    "`{namespace}` n'est pas un namespace du bac à sable. Il y a : {namespaces}.",
    "`{namespace}` is no namespace of the sandbox. There are: {namespaces}.",
)
FROZEN = Text(
    "Les écritures sont arrêtées dans {where} ; les lectures restent ouvertes. Pour rouvrir : `{undo}`.",
    "Writes are stopped in {where}; reads stay open. `{undo}` opens them again.",
)
OPEN = Text("On peut de nouveau écrire dans {where}.", "Writes are open again in {where}.")
WAS_OPEN = Text("Rien n'était gelé dans {where}.", "Nothing was frozen in {where}.")
STILL = Text(
    "Tous les namespaces sont gelés, `{namespace}` compris : `/k8s unfreeze` les rouvre tous.",
    "All namespaces are frozen, `{namespace}` included: `/k8s unfreeze` opens them all.",
)
EVERYWHERE = Text("tous les namespaces", "all namespaces")
STOPPED = Text("Les écritures sont gelées dans {where}.", "Writes are frozen in {where}.")


class Frozen(NotAllowed):
    """A write was refused: the text says where, and ``freeze`` by whom and since when."""

    def __init__(self, freeze: Freeze) -> None:
        super().__init__(STOPPED.format(where=where(freeze.namespace)))
        self.freeze = freeze


class Brake:
    def __init__(self, freezes: Freezes) -> None:
        self._freezes = freezes

    async def check(self, namespace: str) -> None:
        """Raises Frozen."""
        if freeze := await self._freezes.on(namespace):
            raise Frozen(freeze)

    async def pull(self, command: Pull, person: Person) -> Result:
        """`freeze` or `unfreeze`; raises NotAllowed."""
        if person.role != "trainer":
            raise NotAllowed(TRAINERS_ONLY.format(verb=command.verb.name))
        if command.where and command.where not in person.namespaces:
            namespaces = ", ".join(f"`{name}`" for name in person.namespaces)
            raise NotAllowed(NOT_OURS.format(namespace=command.where, namespaces=namespaces))
        if command.verb.name == "freeze":
            await self._freezes.put(command.where, person.user_id)
            undo = f"/k8s unfreeze {command.where}".rstrip()
            text = FROZEN.format(where=where(command.where), undo=undo)
        else:
            text = await self._lift(command.where)
        return Result(command.line, "", "", 0, text, True)

    async def frozen(self) -> tuple[Freeze, ...]:
        return await self._freezes.all()

    async def _lift(self, namespace: str) -> Text:
        lifted = await self._freezes.lift(namespace)
        if namespace and await self._freezes.on(namespace):
            return STILL.format(namespace=namespace)
        return (OPEN if lifted else WAS_OPEN).format(where=where(namespace))


def where(namespace: str) -> Text | str:
    return f"`{namespace}`" if namespace else EVERYWHERE
