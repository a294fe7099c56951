"""Each topic of a lesson has its entry in the shipped base."""

from typing import get_args

from bot.helpdesk.lessons import ENTRIES
from bot.knowledge import DEFAULT_FOLDER, load_entries
from bot.sandbox import Topic


def test_each_topic_has_an_entry_that_exists() -> None:
    assert set(ENTRIES) == set(get_args(Topic))
    assert set(ENTRIES.values()) <= {entry.id for entry in load_entries(DEFAULT_FOLDER)}
