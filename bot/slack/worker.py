"""From an input that is kept to its one reply: so many at once, and again until the reply is out.

Each is held in the journal while it is worked on; what nobody holds, whoever accepted it, is taken over.
"""

import asyncio
import itertools
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from bot import metrics
from bot.journal import FAILURES as JOURNAL_FAILURES
from bot.journal import Journal, Lost, Pending
from bot.language import Lang
from bot.slack.blocks import Message
from bot.slack.limits import Limited
from bot.slack.replies import FAILURES as SLACK_FAILURES
from bot.slack.replies import Replies

log = logging.getLogger(__name__)

_AT_ONCE = 40  # most of them wait: for the cluster, or for pods to settle
_ROUND_SECONDS, _RENEWED_EVERY = 0.5, 4  # rounds; together a quarter of a lease
# Slack or the database away: the next try is never far off, and a day of them is not too many.
_LONGEST_WAIT, _WAIT_OF_OLD, _OLD = timedelta(seconds=8), timedelta(minutes=1), 100
_PATIENCE_SECONDS = 5.0
_HELD_BACK_SECONDS = 1.0


class Worker:
    """``result``: does the work and returns the reply, None for one that is visible already.

    ``replaced``: the message whose place a reply takes.
    """

    def __init__(
        self,
        journal: Journal,
        replies: Replies,
        result: Callable[[Pending], Awaitable[Message | None]],
        language: Callable[[Pending], Awaitable[Lang]],
        replaced: Callable[[Pending], Awaitable[str | None]],
    ) -> None:
        self._journal = journal
        self._replies = replies
        self._result = result
        self._language = language
        self._replaced = replaced
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._waiting_for_us = 0
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()
        self._draining = False
        self._drained = asyncio.Event()
        metrics.IN_PROGRESS.set_function(lambda: len(self._tasks))

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Acknowledgements first: no work begins meanwhile, unless that would take too long."""
        self._waiting_for_us += 1
        self._nobody_waits.clear()
        try:
            yield
        finally:
            self._waiting_for_us -= 1
            if not self._waiting_for_us:
                self._nobody_waits.set()

    def start(self, pending: Pending) -> None:
        if pending.id not in self._tasks:
            task = self._tasks[pending.id] = asyncio.create_task(self._work(pending))
            task.add_done_callback(lambda _: self._tasks.pop(pending.id))

    async def run(self) -> None:
        """Holds on to what is under way and takes over what nobody holds, until all is drained."""
        for number in itertools.count():
            if self._drained.is_set():
                return
            try:
                if number % _RENEWED_EVERY == 0:
                    await self._journal.renew([*self._tasks])
                if (room := _AT_ONCE - len(self._tasks)) > 0 and not self._draining:
                    for pending in await self._journal.claim(room):
                        self.start(pending)
            except Exception as error:
                unexpected = error if not isinstance(error, JOURNAL_FAILURES) else None
                log.warning("what is owed waits for the journal: %s", error, exc_info=unexpected)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), _ROUND_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Waits for the work under way and takes on no more; what is not done then is taken over by others."""
        self._draining = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks.values(), timeout=seconds)
            for task in late:
                task.cancel()
        self._drained.set()

    async def _work(self, pending: Pending) -> None:
        async with self._at_once:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nobody_waits.wait(), _HELD_BACK_SECONDS)
            try:
                await self._journal.replied(pending, await self._reply(pending))
                metrics.REPLY.labels(pending.input.kind).observe(
                    (datetime.now(UTC) - pending.accepted_at).total_seconds()
                )
            except Lost:
                log.warning("input %s was taken over by another replica", pending.id)
            except Exception as error:
                unexpected = error if not isinstance(error, (*SLACK_FAILURES, *JOURNAL_FAILURES)) else None
                log.warning("the reply to input %s is put off: %s", pending.id, error, exc_info=unexpected)
                await self._put_off(pending, error)

    async def _reply(self, pending: Pending) -> str | None:
        """Returns the ``ts`` of the message, where it has one."""
        again = pending.reply is not None
        message = Message.kept(pending.reply) if pending.reply else await self._result(pending)
        if message is None:
            return None
        if not again:
            message = message.marked(secrets.token_hex(8))
            await self._journal.owe(pending, asdict(message))
        try:
            return await self._replies.send(pending.input, message, await self._replaced(pending), again=again)
        except Limited as limited:
            if limited.seconds >= _PATIENCE_SECONDS and pending.attempts == 0:
                lang = await self._language(pending)
                await self._replies.ask_for_patience(pending.input, lang, limited.seconds)
            raise

    async def _put_off(self, pending: Pending, error: Exception) -> None:
        wait = timedelta(seconds=error.seconds) if isinstance(error, Limited) else pause(pending.attempts)
        try:
            await self._journal.put_off(pending, wait)
        except (Lost, *JOURNAL_FAILURES):
            log.exception("input %s is left to whoever finds it when its lease ends", pending.id)


def pause(attempts: int) -> timedelta:
    """Before the next try."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), _LONGEST_WAIT) if attempts < _OLD else _WAIT_OF_OLD
