"""The course: entries, search, answers. Pure: no Slack, no Kubernetes, no SQL, no network."""

from bot.knowledge.answers import Answer, Part, json_line, plain
from bot.knowledge.entries import DEFAULT_FOLDER, Command, Entry, KnowledgeError, load_entries
from bot.knowledge.reading import language_of
from bot.knowledge.search import Finding, KnowledgeBase

__all__ = [
    "DEFAULT_FOLDER",
    "Answer",
    "Command",
    "Entry",
    "Finding",
    "KnowledgeBase",
    "KnowledgeError",
    "Part",
    "json_line",
    "language_of",
    "load_entries",
    "plain",
]
