"""Values as Go prints them with %v, and as it writes compact JSON."""

import json
from collections.abc import Mapping

GO_ESCAPES = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
NO_EXPONENT_BELOW = 1e21


def go_print(value: object) -> str:
    match value:
        case None:
            return "<nil>"
        case bool():
            return str(value).lower()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < NO_EXPONENT_BELOW else repr(value)
        case Mapping():
            return f"map[{' '.join(f'{key}:{go_print(value[key])}' for key in sorted(value))}]"
        case list() | tuple():
            return f"[{' '.join(map(go_print, value))}]"
        case _:
            return str(value)


def go_json(value: object) -> str:
    return escape_json(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def escape_json(text: str) -> str:
    for char, escaped in GO_ESCAPES:  # none of them occurs outside of strings
        text = text.replace(char, escaped)
    return text
