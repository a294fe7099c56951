"""Commands on the sandbox, under the rights of whoever asks: reads and reversible writes at once, the rest once agreed.

What was shown with a button is looked at again at its click: the person, the brake, the command and the fields.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.errors import NotAllowed
from bot.helpdesk.brake import TRAINERS_ONLY, Brake
from bot.helpdesk.buttons import Buttons, changes_of, check_open
from bot.helpdesk.cluster import Cluster
from bot.helpdesk.preparation import Preparation
from bot.journal import Decision, Journal, Offer, Pending
from bot.language import Text
from bot.sandbox import Brake as Pull
from bot.sandbox import (
    Command,
    Help,
    OnYourMachine,
    Person,
    Result,
    TrainersOnly,
    WritesOfToday,
    asks_first,
    together,
)

UNDO_FOR, CONFIRM_FOR, PROPOSE_FOR = timedelta(minutes=10), timedelta(minutes=5), timedelta(days=1)

LATE_UNDO = Text(
    "C'est trop tard : une commande s'annule pendant 10 minutes. Rien n'a été changé.",
    "It is too late: a command can be undone for 10 minutes. Nothing was changed.",
)
LATE_CONFIRM = Text(
    "C'est trop tard : la confirmation valait 5 minutes. Rien n'a été changé ; retapez la commande "
    "ou rouvrez la proposition.",
    "It is too late: the confirmation was good for 5 minutes. Nothing was changed; type the command, "
    "or open the proposal, again.",
)
NOT_YOURS_TO_UNDO = Text(
    "Seuls l'auteur de la commande et les formateurs peuvent l'annuler. Rien n'a été changé.",
    "Only the author of the command and trainers can undo it. Nothing was changed.",
)
NOT_YOURS_TO_CONFIRM = Text(
    "Seule la personne à qui ceci a été montré peut le confirmer. Rien n'a été changé.",
    "Only the person whom this was shown to can confirm it. Nothing was changed.",
)
NOT_THAT_ANY_MORE = Text(
    "Ce n'est plus ce que je vous ai montré ; maintenant, ce serait :\n{now}\n"
    "Rien n'a été changé. Si vous la voulez encore, retapez la commande ou rouvrez la proposition.",
    "It is not what I showed you any more; now it would be:\n{now}\n"
    "Nothing was changed. If you still want it, type the command, or open the proposal, again.",
)
GIVEN_UP = Text("Rien n'a été changé.", "Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """``seen``: what became of the pods. ``undo``, ``confirm``, ``propose``, ``read``: the ids that buttons carry.

    With ``confirm``, ``result`` is what would happen; with ``propose``, why it may not. ``proposal``: what it ran;
    ``undone``: what it took back. ``helps``: it is the help; ``history``: about what it is to be shown, "" for all.
    """

    result: Result
    seen: Text | None = None
    undo: str | None = None
    confirm: str | None = None
    propose: str | None = None
    read: str | None = None
    proposal: str | None = None
    helps: bool = False
    history: str | None = None
    undone: Offer | None = None


class Commands:
    def __init__(
        self, sandbox: Cluster, journal: Journal, buttons: Buttons, brake: Brake, preparation: Preparation
    ) -> None:
        self._sandbox = sandbox
        self._journal = journal
        self._buttons = buttons
        self._brake = brake
        self._preparation = preparation

    async def run(self, pending: Pending, person: Person, namespace: str | None, text: str) -> Outcome:
        """Runs the command line ``text`` under the person's own rights, or shows what it would do and asks.

        Raises BotError for what is refused before the cluster.
        """
        self._preparation.check_done()
        try:
            command = await self._sandbox.parse(text)
        except OnYourMachine as error:
            raise error.at(namespace or next(iter(person.namespaces), "")) from error
        where = command.namespace or namespace or next(iter(person.namespaces), "")
        understood = command.in_namespace(where) if where else command
        self._journal.understand(pending, understood.line)
        if isinstance(command, WritesOfToday):
            return await self._look_back(pending, command, person)
        if isinstance(command, Pull):
            return Outcome(await self._decided(pending, await self._brake.pull(command, person)))
        if not command.writes:
            return await self._read(pending, command, person, where)
        await self._brake.check(where)
        try:
            shown = await self._sandbox.preview(command, person, where)
        except TrainersOnly as error:
            return await self._refuse(pending, text, error, understood.line, person, where)
        if not shown.changes:
            return Outcome(await self._decided(pending, shown))
        if asks_first(shown.changes) or (command.chooses and shown.status):
            return await self._ask(pending, text, shown, person, where)
        return await self._write(pending, text, command, person, shown)

    async def ask(self, pending: Pending, person: Person, proposal: Offer) -> Outcome:
        """Shows what a proposed command would change now, and asks whatever it is; raises BotError."""
        await self._brake.check(proposal.namespace)
        command = await self._sandbox.parse(proposal.text)
        acting = replace(person, proposed_by=proposal.user_id)
        shown = await self._sandbox.preview(command, acting, proposal.namespace)
        if not shown.changes:
            return Outcome(await self._decided(pending, shown))
        return await self._ask(pending, proposal.text, shown, person, proposal.namespace, proposal.id)

    async def confirm(self, pending: Pending, person: Person, offer_id: str) -> Outcome:
        """The click that agrees to what was shown; raises BotError, and nothing happens, where it does not count."""
        offer = await self._buttons.of(pending, offer_id, "confirm")
        if offer.user_id != person.user_id:
            raise NotAllowed(NOT_YOURS_TO_CONFIRM)
        check_open(offer, LATE_CONFIRM)
        proposal = None
        if offer.proposal_id:
            proposal = await self._buttons.of(pending, offer.proposal_id, "propose")
            person = replace(person, proposed_by=proposal.user_id)
        command = await self._sandbox.parse(offer.text)
        await self._brake.check(offer.namespace)
        command = command.limited_to(changes_of(offer))
        now = await self._sandbox.preview(command, person, offer.namespace)
        if not now.changes:
            return Outcome(await self._decided(pending, now))
        if now.line != offer.line or now.changes != changes_of(offer):
            raise NotAllowed(NOT_THAT_ANY_MORE.format(now=told(now)))
        await self._buttons.take(pending, offer)
        if proposal:
            await self._buttons.take(pending, proposal)
        done = await self._write(pending, offer.text, command, person, now, offer.proposal_id)
        return replace(done, proposal=offer.proposal_id)

    async def give_up(self, pending: Pending, offer_id: str) -> Text:
        """The click that says no."""
        offer = await self._buttons.of(pending, offer_id, "confirm")
        if offer.user_id != pending.input.user_id:
            raise NotAllowed(NOT_YOURS_TO_CONFIRM)
        await self._buttons.take(pending, offer)
        await self._journal.decide(pending, "noted", f"gave up input {offer.input_id}")
        return GIVEN_UP

    async def undo(self, pending: Pending, person: Person, offer_id: str) -> Outcome:
        """Takes a write back; raises BotError, and nothing happens, where that is not to be."""
        offer = await self._buttons.of(pending, offer_id, "undo")
        if person.role != "trainer" and offer.user_id != person.user_id:
            raise NotAllowed(NOT_YOURS_TO_UNDO)
        check_open(offer, LATE_UNDO)
        await self._brake.check(offer.namespace)
        tried = await self._sandbox.undo(changes_of(offer), person, dry=True)
        if tried.status:
            return Outcome(await self._decided(pending, tried))
        await self._brake.check(offer.namespace)
        await self._buttons.take(pending, offer)
        await self._journal.begin(pending, tried.line, [asdict(change) for change in tried.changes])
        result = await self._sandbox.undo(changes_of(offer), person)
        await self._decided(pending, result, f"took back input {offer.input_id} of {offer.user_id}")
        return Outcome(result, await self._sandbox.look_again(result.changes, person), undone=offer)

    async def reply_to(self, offer: Offer) -> tuple[str, str] | None:
        """Channel and ``ts`` of the message that an offer's button is below, where that is known."""
        return await self._journal.reply_to(offer.input_id)

    async def _read(self, pending: Pending, command: Command, person: Person, namespace: str) -> Outcome:
        result = await self._sandbox.run(command, person, namespace, whole=False)
        self._journal.note(pending, *verdict(result))
        helps = isinstance(command, Help)
        return Outcome(result, read=str(pending.id) if result.line and not helps else None, helps=helps)

    async def _look_back(self, pending: Pending, command: WritesOfToday, person: Person) -> Outcome:
        if person.role != "trainer":
            raise NotAllowed(TRAINERS_ONLY.format(verb=command.verb.name))
        result = await self._decided(pending, Result(command.line, "", "", 0, None, False))
        return Outcome(result, history=command.about)

    async def _refuse(
        self, pending: Pending, text: str, error: TrainersOnly, line: str, person: Person, namespace: str
    ) -> Outcome:
        """What is no student's to run is one's to propose, where it is about their own namespace."""
        if namespace not in person.namespaces:
            raise error
        offer = await self._journal.offers.make(
            "propose", pending.id, person.user_id, namespace, text, line, (), datetime.now(UTC) + PROPOSE_FOR
        )
        await self._journal.decide(pending, "refused", error.text.en)
        return Outcome(Result(line, "", "", 1, error.text, True, lesson=error.lesson), propose=offer)

    async def _ask(
        self,
        pending: Pending,
        text: str,
        shown: Result,
        person: Person,
        namespace: str,
        proposal_id: str | None = None,
    ) -> Outcome:
        offer = await self._journal.offers.make(
            "confirm", pending.id, person.user_id, namespace, text, shown.line,
            [asdict(change) for change in shown.changes], datetime.now(UTC) + CONFIRM_FOR, proposal_id,
        )  # fmt: skip
        await self._journal.decide(pending, "noted", "asked to confirm")
        return Outcome(shown, confirm=offer)

    async def _write(
        self,
        pending: Pending,
        text: str,
        command: Command,
        person: Person,
        tried: Result,
        proposal_id: str | None = None,
    ) -> Outcome:
        """Does what was tried; from here on a stop leaves it open whether it happened."""
        namespace = tried.changes[0].namespace
        await self._brake.check(namespace)
        line = command.in_namespace(namespace).line
        await self._journal.begin(pending, line, [asdict(change) for change in tried.changes])
        result = await self._sandbox.run(command.limited_to(tried.changes), person, namespace)
        undo = None
        if any(change.can_be_undone for change in result.changes):
            undo = await self._journal.offers.make(
                "undo", pending.id, person.user_id, namespace, text, result.line,
                [asdict(change) for change in result.changes], datetime.now(UTC) + UNDO_FOR, proposal_id,
            )  # fmt: skip
        about = f"proposed by {person.proposed_by}" if person.proposed_by else ""
        await self._decided(pending, result, about)
        seen = await self._sandbox.look_again(result.changes, person)
        return Outcome(await self._taught(result, person), seen, undo)

    async def _taught(self, result: Result, person: Person) -> Result:
        """A write with what its pods teach, where itself it teaches nothing."""
        lesson = None if result.lesson else await self._sandbox.lesson_after(result.changes, person)
        if lesson is None:
            return result
        return replace(result, lesson=lesson, explanation=together([result.explanation, lesson.text]))

    async def _decided(self, pending: Pending, result: Result, about: str = "") -> Result:
        """Kept before it is told."""
        await self._journal.decide(pending, *verdict(result, about))
        return result


def verdict(result: Result, about: str = "") -> tuple[Decision, str]:
    """What the journal has of it: the decision, and the outcome in words."""
    told = (about, result.explanation.en if result.explanation else "")
    return "ran" if result.status == 0 else "failed", ": ".join(filter(None, told)) or "ok"


def told(result: Result) -> Text:
    """What would change, in a line for each."""
    texts = [change.told for change in result.changes]
    return Text("\n".join(text.fr for text in texts), "\n".join(text.en for text in texts))
