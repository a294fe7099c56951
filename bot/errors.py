"""The few errors that a person can meet. Their texts are written for that person, never for a log."""

from bot.language import Text


class BotError(Exception):
    """Something that the asker is told in their own words and language: what happened and the next step.

    ``linked``: it names people or channels as Slack's links, and quotes nothing that was typed.
    """

    def __init__(self, text: Text, *, linked: bool = False) -> None:
        super().__init__(text.en)
        self.text = text
        self.linked = linked


class BadRequest(BotError):
    """What was typed cannot be understood or is not offered; the text shows a right example."""


class NotAllowed(BotError):
    """Understood, and refused: who, what, where, and what is allowed instead."""


class Unavailable(BotError):
    """A part that the answer needs (the API server, Slack, the journal) does not answer now."""
