"""The course's own text, which is not part of the repository."""

from pathlib import Path

import pytest

from bot.knowledge.building import Course, read_course

_FOLDER = Path(__file__).parents[4] / "shared" / "course"
COURSE_FILE = next(iter(sorted(_FOLDER.glob("*.txt"))), None)

needs_course = pytest.mark.skipif(COURSE_FILE is None, reason="../shared/course/ is not beside this repository")


def the_course() -> Course:
    assert COURSE_FILE is not None
    return read_course([str(COURSE_FILE)])
