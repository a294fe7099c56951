"""The use cases, by story: questions, commands, trainers. Each is journalled before its reply is sent."""

from pathlib import Path

from bot.helpdesk.brake import Brake, Frozen
from bot.helpdesk.builder import Builder
from bot.helpdesk.buttons import Buttons, Undone, changes_of
from bot.helpdesk.cluster import Cluster
from bot.helpdesk.commands import Commands, Outcome
from bot.helpdesk.history import Deed, History, Page
from bot.helpdesk.interrupted import Interrupted
from bot.helpdesk.lessons import Lessons
from bot.helpdesk.library import Library
from bot.helpdesk.preparation import Preparation
from bot.helpdesk.proposals import Proposal, Proposals
from bot.helpdesk.questions import Questions
from bot.helpdesk.reads import Reads
from bot.helpdesk.runnable import Runnable, Runnables
from bot.helpdesk.trainers import BACKLOG_DAYS, Draft, Group, Trainers
from bot.journal import Journal
from bot.knowledge import KnowledgeBase

__all__ = [
    "BACKLOG_DAYS",
    "Brake",
    "Builder",
    "Commands",
    "Deed",
    "Draft",
    "Frozen",
    "Group",
    "Helpdesk",
    "History",
    "Interrupted",
    "Lessons",
    "Outcome",
    "Page",
    "Proposal",
    "Proposals",
    "Questions",
    "Reads",
    "Runnable",
    "Runnables",
    "Trainers",
    "Undone",
    "changes_of",
]


class Helpdesk:
    """``preparing``: see Preparation."""

    def __init__(
        self, knowledge: KnowledgeBase, sandbox: Cluster, journal: Journal, preparing: Path | None = None
    ) -> None:
        library = Library(knowledge, journal.entries)
        self.lessons = Lessons(library)
        self.questions = Questions(library, journal)
        self.brake = Brake(journal.freezes)
        buttons = Buttons(journal)
        preparation = Preparation(preparing)
        self.commands = Commands(sandbox, journal, buttons, self.brake, preparation)
        self.runnables = Runnables(sandbox, preparation)
        self.reads = Reads(sandbox, journal)
        self.proposals = Proposals(self.commands, buttons, journal)
        self.interrupted = Interrupted(sandbox, journal)
        self.history = History(sandbox, journal, self.brake)
        self.builder = Builder(sandbox.builder, preparation)
        self.trainers = Trainers(library, journal)
