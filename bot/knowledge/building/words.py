"""The words that commands and pages of a course are recognised by, from ``words.yaml``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml


@cache
def words_of_courses() -> Mapping[str, frozenset[str]]:
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in yaml.load(text, Loader=yaml.CSafeLoader).items()}
