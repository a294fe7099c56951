"""Names in Kubernetes: which can be one, and which was meant. Pure."""

import re

from bot.errors import BadRequest
from bot.language import Text

LONGEST_NAME = 253
DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")

WRONG_NAME = Text(
    "`{name}` ne peut pas être un nom dans Kubernetes : des minuscules, des chiffres, `-` et `.` seulement, "
    "une lettre ou un chiffre au début et à la fin. Exemple : `{example}`.",
    "`{name}` cannot be a name in Kubernetes: only lower-case letters, digits, `-` and `.`, "
    "with a letter or a digit at both ends. Example: `{example}`.",
)


def checked_name(name: str, shape: re.Pattern[str] = DNS_SUBDOMAIN) -> str:
    """``name``, which no path can be made of (`..`, `/`); raises BadRequest."""
    if len(name) > LONGEST_NAME or not shape.fullmatch(name):
        raise BadRequest(wrong_name(name, shape))
    return name


def wrong_name(name: str, shape: re.Pattern[str] = DNS_SUBDOMAIN) -> Text:
    """With the name that was meant, where it is near."""
    meant = re.sub(r"[_\s]", "-", name.lower()).strip("-.")
    fits = shape.fullmatch(meant) and meant != name and len(meant) <= LONGEST_NAME
    return WRONG_NAME.format(name=name, example=meant if fits else "demonstration-2")
