"""What was asked, what was understood, decided and answered. The only importer of SQLAlchemy.

An input is one row from before its ack to after its reply, so that a restart finds what was accepted and not answered.
"""

from bot.journal.entries import Entries, TrainerEntry
from bot.journal.freezes import Freeze, Freezes
from bot.journal.inputs import FAILURES, LEASE, Decision, Input, Kind, Lost, Pending
from bot.journal.journal import Journal
from bot.journal.offers import Offer, OfferKind
from bot.journal.requests import Request, Requests
from bot.journal.votes import Unsolved
from bot.journal.writes import Write

__all__ = [
    "FAILURES",
    "LEASE",
    "Decision",
    "Entries",
    "Freeze",
    "Freezes",
    "Input",
    "Journal",
    "Kind",
    "Lost",
    "Offer",
    "OfferKind",
    "Pending",
    "Request",
    "Requests",
    "TrainerEntry",
    "Unsolved",
    "Write",
]
