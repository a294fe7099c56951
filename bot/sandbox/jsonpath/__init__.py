"""kubectl's JSONPath: its dialect, its words for mistakes, within bounds of length, depth and work."""

from bot.sandbox.jsonpath.evaluation import TooMuch, find, find_fields
from bot.sandbox.jsonpath.syntax import JsonPathError, Template, fields_of, parse

__all__ = ["JsonPathError", "Template", "TooMuch", "fields_of", "find", "find_fields", "parse"]
