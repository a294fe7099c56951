"""Where a refusal or a failure of the sandbox is explained at length: the entry of the knowledge for each topic."""

from collections.abc import Mapping

from bot.helpdesk.library import Library
from bot.language import Lang
from bot.sandbox import Topic

ENTRIES: Mapping[Topic, str] = {
    "already-exists": "already-exists",
    "crash-loop": "crashloopbackoff",
    "forbidden": "forbidden-error",
    "image-pull": "imagepullbackoff",
    "no-endpoints": "service-without-endpoints",
    "not-found": "not-found-error",
    "out-of-memory": "oomkilled",
    "pending": "pending",
    "pod-security": "security-minimums",
    "policy": "invalid-requests",
    "quota": "quota-exceeded",
}


class Lessons:
    def __init__(self, library: Library) -> None:
        self._library = library

    async def entry(self, topic: Topic, lang: Lang) -> tuple[str, str] | None:
        """Its id and title; None where the course's own base has none of that id."""
        shown = (await self._library.base()).show(ENTRIES[topic], lang)
        return (ENTRIES[topic], shown.parts[0].title) if shown else None
