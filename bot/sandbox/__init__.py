"""kubectl for Slack: the table of commands, the parser, the executor. The only importer of kubernetes."""

from bot.sandbox.builder import DECISIVE, VERB, Builder, Chosen, Field, Form, line_of
from bot.sandbox.changes import Change, asks_first
from bot.sandbox.commands import Brake, Command, Help, WritesOfToday
from bot.sandbox.errors import UsageError
from bot.sandbox.help import help_text
from bot.sandbox.person import Person, Role
from bot.sandbox.printing import cut
from bot.sandbox.result import Result
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
    "Form",
    "Help",
    "Person",
    "Result",
    "Role",
    "Sandbox",
    "UsageError",
    "WritesOfToday",
    "asks_first",
    "cut",
    "help_text",
    "line_of",
]
