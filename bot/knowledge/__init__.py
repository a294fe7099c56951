"""The course: entries, search, answers. Pure: no Slack, no Kubernetes, no SQL, no network."""

from bot.knowledge.entries import DEFAULT_FOLDER, Command, Entry, KnowledgeError, load_entries

__all__ = ["DEFAULT_FOLDER", "Command", "Entry", "KnowledgeError", "load_entries"]
