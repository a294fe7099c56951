"""A write that had begun when its bot was stopped: it is never run again, but looked at and told."""

from bot.errors import BotError
from bot.helpdesk.buttons import changes_of
from bot.helpdesk.cluster import Cluster
from bot.journal import Journal, Pending
from bot.language import Text
from bot.sandbox import Person

STOPPED = Text(
    "J'ai été arrêté pendant `{line}` et je ne l'ai pas relancée. Je viens de regarder :\n{seen}",
    "I was stopped during `{line}` and did not run it again. I have just looked:\n{seen}",
)
DONE = Text(
    "`{line}` a eu lieu, puis j'ai été arrêté avant de vous répondre. Je viens de regarder :\n{seen}",
    "`{line}` was run, then I was stopped before I could answer you. I have just looked:\n{seen}",
)
UNSEEN = Text(
    "Je ne peux pas le voir en ce moment : elle a peut-être eu lieu. "
    "Vérifiez avec `/k8s get`, puis retapez-la si besoin.",
    "I cannot see it right now: it may have happened. Look with `/k8s get`, then type it again if needed.",
)


class Interrupted:
    def __init__(self, sandbox: Cluster, journal: Journal) -> None:
        self._sandbox = sandbox
        self._journal = journal

    async def tell(self, pending: Pending, person: Person) -> Text:
        """What is to be seen of it now, under the person's own rights."""
        try:
            seen = await self._sandbox.aftermath(changes_of(pending), person)
        except BotError:
            seen = UNSEEN
        if pending.decision is None:
            await self._journal.decide(pending, "interrupted", seen.en)
        return (DONE if pending.decision == "ran" else STOPPED).format(line=pending.understood, seen=seen)
