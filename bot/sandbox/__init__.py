"""kubectl for Slack: the table of commands, the parser, the executor. The only importer of kubernetes."""

from bot.sandbox.builder import DECISIVE, VERB, Builder, Chosen, Field, Form, line_of
from bot.sandbox.changes import Change, asks_first
from bot.sandbox.commands import Brake, Command, Help, WritesOfToday
from bot.sandbox.errors import Forbidden, OnYourMachine, TrainersOnly, UsageError
from bot.sandbox.help import help_text
from bot.sandbox.person import Person, Role
from bot.sandbox.printing import cut
from bot.sandbox.result import Lesson, Result, Topic, together
from bot.sandbox.sandbox import Sandbox

__all__ = [
    "DECISIVE",
    "VERB",
    "Brake",
    "Builder",
    "Change",
    "Chosen",
    "Command",
    "Field",
    "Forbidden",
    "Form",
    "Help",
    "Lesson",
    "OnYourMachine",
    "Person",
    "Result",
    "Role",
    "Sandbox",
    "Topic",
    "TrainersOnly",
    "UsageError",
    "WritesOfToday",
    "asks_first",
    "cut",
    "help_text",
    "line_of",
    "together",
]
