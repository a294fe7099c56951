"""Any course as a base: drafts made from its files or pages, and what of it a base lacks.

Needs the extra ``build`` (HTML, Markdown, HTTP), which the bot itself does without.
"""

from bot.knowledge.building.connecting import Limits
from bot.knowledge.building.course import CourseError
from bot.knowledge.building.coverage import Coverage, coverage
from bot.knowledge.building.drafts import drafts_of
from bot.knowledge.building.keeping import Changes, write_drafts
from bot.knowledge.building.sources import Course, Reading, read_course

__all__ = [
    "Changes",
    "Course",
    "CourseError",
    "Coverage",
    "Limits",
    "Reading",
    "coverage",
    "drafts_of",
    "read_course",
    "write_drafts",
]
