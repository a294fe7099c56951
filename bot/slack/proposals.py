"""A command proposed to the trainers: its post in their channel, and what its author is told of it."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.errors import Unavailable
from bot.helpdesk import Outcome, Proposal, Proposals
from bot.journal import Offer, Pending
from bot.language import Lang, Text
from bot.slack import inbox
from bot.slack.blocks import Block, Message, actions, build_words, button, context, escape, fence, section
from bot.slack.identity import Identity
from bot.slack.outcomes import build_outcome, explained
from bot.slack.replies import FAILURES, Replies

log = logging.getLogger(__name__)

PROPOSED = Text("<@{asker}> propose cette commande :", "<@{asker}> proposes this command:")
REVIEW = Text("Voir son effet", "See its effect")
DECLINE = Text("Décliner", "Decline")
OPEN_FOR = Text(
    "Rien ne se fait sans votre confirmation. La proposition vaut un jour.",
    "Nothing happens before you confirm. The proposal is good for a day.",
)
SENT = Text(
    "C'est chez les formateurs, avec votre nom. Je vous dirai ici ce qu'ils en font.",
    "The trainers have it, with your name. I will tell you here what they do with it.",
)
NOT_SENT = Text(
    "Je n'arrive pas à joindre le canal des formateurs : rien n'a été envoyé. Écrivez-leur directement.",
    "I cannot reach the trainers' channel: nothing was sent. Please write to them yourself.",
)
RAN = Text("<@{trainer}> a exécuté la commande de <@{asker}> :", "<@{trainer}> ran the command of <@{asker}>:")
FAILED = Text(
    "<@{trainer}> a lancé la commande de <@{asker}>, et elle a échoué :",
    "<@{trainer}> ran the command of <@{asker}>, and it failed:",
)
CUT_OFF = Text(
    "<@{trainer}> a lancé la commande de <@{asker}>, et je n'ai pas vu comment elle a fini :",
    "<@{trainer}> ran the command of <@{asker}>, and I did not see how it ended:",
)
UNDONE = Text("<@{trainer}> a annulé la commande de <@{asker}> :", "<@{trainer}> undid the command of <@{asker}>:")
DECLINED = Text(
    "<@{trainer}> a décliné la commande de <@{asker}> :", "<@{trainer}> declined the command of <@{asker}>:"
)


class ProposalsDesk:
    """``works``: the story's clicks, by the names that the inbox gives them."""

    def __init__(
        self,
        proposals: Proposals,
        identity: Identity,
        replies: Replies,
        language: Callable[[Pending], Awaitable[Lang]],
    ) -> None:
        self._proposals = proposals
        self._identity = identity
        self._replies = replies
        self._language = language
        self.works: Mapping[str, Callable[[Pending, str], Awaitable[Message | None]]] = {
            inbox.PROPOSE: self._propose,
            inbox.REVIEW: self._review,
            inbox.DECLINE: self._decline,
        }

    async def settle(self, pending: Pending, outcome: Outcome, message: Message) -> Message:
        """A proposed command was run: its author is told, and ``message`` takes the place of its post."""
        proposal = await self._proposals.of(str(outcome.proposal))
        words, trainer = FAILED if outcome.result.status else RAN, pending.input.user_id
        lang = await self._identity.language(proposal.offer.user_id)
        shown = build_outcome(replace(outcome, undo=None), lang, public=True)
        await self._tell(proposal, words, trainer, shown.blocks)
        return replace(self._settled(proposal, words, trainer, message.blocks), closes=message.closes)

    async def tell_cut_off(self, pending: Pending, seen: Text) -> None:
        """If this click had begun a proposed command, its author is told too, and its post offers it no more."""
        if (proposal := await self._proposals.settled_by(pending)) is None:
            return
        lang, trainer = await self._identity.language(proposal.offer.user_id), pending.input.user_id
        await self._tell(proposal, CUT_OFF, trainer, [section(escape(seen[lang]))])
        left = self._settled(proposal, CUT_OFF, trainer, [section(escape(seen[self._identity.course_language]))])
        try:
            await self._replies.update(pending.input.channel_id, str(proposal.ts), left)
        except FAILURES:
            log.exception("the post of proposal %s could not be amended", proposal.offer.id)

    async def undone(self, pending: Pending, offer: Offer, content: list[Block]) -> list[Block]:
        """What the message of a write becomes that was taken back: of a proposed one, whose author is told, the same
        with who ran it for whom."""
        if offer.proposal_id is None:
            return content
        proposal = await self._proposals.of(offer.proposal_id)
        await self._tell(proposal, UNDONE, pending.input.user_id, [section(fence(offer.line))])
        return self._settled(proposal, RAN, offer.user_id, content).blocks

    async def _propose(self, pending: Pending, offer_id: str) -> Message:
        await self._identity.person(pending.input.user_id)
        channel = self._identity.trainers_channel
        if channel is None:
            raise Unavailable(NOT_SENT)
        proposal = await self._proposals.claim(pending, offer_id)
        if proposal.ts is None:
            await self._post(pending, proposal, channel)
        sent = build_words(SENT[await self._language(pending)])
        return Message(sent.text, [section(fence(proposal.offer.line)), *sent.blocks], public=False, closes=True)

    async def _post(self, pending: Pending, proposal: Proposal, channel: str) -> None:
        message = build_proposal(proposal, self._identity.course_language)
        try:
            ts = await self._replies.post(channel, None, message)
        except FAILURES as error:
            await self._proposals.withdraw(proposal)
            raise Unavailable(NOT_SENT) from error
        await self._proposals.posted(pending, proposal, ts)

    async def _review(self, pending: Pending, offer_id: str) -> Message:
        await self._identity.check_trainer(pending.input.user_id)
        trainer = await self._identity.person(pending.input.user_id)
        outcome = await explained(self._proposals.review(pending, trainer, offer_id))
        return build_outcome(outcome, await self._language(pending), public=False)

    async def _decline(self, pending: Pending, offer_id: str) -> Message:
        trainer = pending.input.user_id
        await self._identity.check_trainer(trainer)
        await self._proposals.decline(pending, offer_id)
        proposal = await self._proposals.of(offer_id)
        line = [section(fence(proposal.offer.line))]
        await self._tell(proposal, DECLINED, trainer, line)
        return self._settled(proposal, DECLINED, trainer, line)

    async def _tell(self, proposal: Proposal, words: Text, trainer: str, content: list[Block]) -> None:
        """Its author, where they proposed it."""
        asked = proposal.asked.input
        message = build_settled(proposal, words, trainer, content, await self._identity.language(asked.user_id))
        try:
            if self._identity.is_public(asked.channel_id, writes=True):
                await self._replies.post(asked.channel_id, asked.thread_ts, message)
            else:
                await self._replies.whisper(asked.channel_id, asked.thread_ts, asked.user_id, message)
        except FAILURES:
            log.exception("the author of proposal %s could not be told", proposal.offer.id)

    def _settled(self, proposal: Proposal, words: Text, trainer: str, content: list[Block]) -> Message:
        """What takes the place of its post."""
        message = build_settled(proposal, words, trainer, content, self._identity.course_language)
        return replace(message, instead_of=proposal.ts)


def build_proposal(proposal: Proposal, lang: Lang) -> Message:
    """As the trainers get it."""
    offer = proposal.offer
    heading = PROPOSED[lang].format(asker=offer.user_id)
    buttons = [
        button(REVIEW[lang], inbox.REVIEW, offer.id, style="primary"),
        button(DECLINE[lang], inbox.DECLINE, offer.id),
    ]
    content = [section(heading), section(fence(offer.line)), actions(buttons), context(OPEN_FOR[lang])]
    return Message(f"{heading} {escape(offer.line)}", content)


def build_settled(proposal: Proposal, words: Text, trainer: str, content: list[Block], lang: Lang) -> Message:
    """What was done with it, by whom, and how that went."""
    heading = words[lang].format(asker=proposal.offer.user_id, trainer=trainer)
    return Message(f"{heading} {escape(proposal.offer.line)}", [section(heading), *content])
