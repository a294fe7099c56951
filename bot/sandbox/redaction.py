"""What looks like a credential is masked in objects before any format prints them, and in every text."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

MASK = "********"
NAMED = (
    r"passw(?:or)?d|passphrase|pwd|secret|token|credential|authorization"
    r"|(?:api|access|private|encryption|signing)[-_.]?key"
)
CREDENTIAL = re.compile(NAMED, re.IGNORECASE)
OF_NAMES = re.compile(r"(?:name|ref|path|file|mount|ttl|seconds|expir\w*)$", re.IGNORECASE)
ASSIGNED = re.compile(  # bounded: a log line may be one word of a megabyte
    rf"((?:{NAMED})[\w.-]{{0,64}}(?:['\"]?=|['\"]?:[ \t]+|['\"]:))"
    rf"(?!{re.escape(MASK)})(?:(?:Bearer|Basic)[ \t]+)?[^\s,;&]+",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack
    r"|gh[a-z]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|sk-[\w-]{20,}"
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON web tokens, service accounts' too
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # the user and password of a URL
)
KEYED = ("annotations", "data", "stringData", "binaryData", "labels", "matchLabels")
WORDS = ("args", "command")


def redact(value: Any, key: str = "") -> Any:
    """A copy of an object of the API, with credentials masked."""
    if isinstance(value, Mapping):
        return redact_mapping(value, key)
    if isinstance(value, list):
        return redact_words(value) if key in WORDS else [redact(item) for item in value]
    return redact_text(value) if isinstance(value, str) else value


def redact_mapping(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    keyed = key in KEYED
    copy = {name: redact_keyed(name, item) if keyed else redact(item, name) for name, item in value.items()}
    if isinstance(copy.get("value"), str) and is_credential(str(copy.get("name", ""))):
        copy["value"] = MASK
    return copy


def redact_keyed(name: str, value: Any) -> Any:
    if is_credential(name) and isinstance(value, str):
        return MASK
    return redact_json(value) if isinstance(value, str) and value.startswith("{") else redact(value)


def redact_json(text: str) -> str:
    """`kubectl apply` keeps the whole object, its env included, in an annotation."""
    try:
        document = json.loads(text)
    except ValueError:
        return redact_text(text)
    clean = redact(document)
    return text if clean == document else json.dumps(clean, separators=(",", ":"), ensure_ascii=False) + "\n"


def redact_words(words: Sequence[Any]) -> list[Any]:
    """`--password=x` and `--password x` alike."""
    before = ("", *words)
    return [
        MASK if str(last).startswith("-") and "=" not in str(last) and is_credential(str(last)) else redact(word)
        for last, word in zip(before, words, strict=False)
    ]


def redact_text(text: str) -> str:
    # Not by a template, which Python reads again for each text.
    return ASSIGNED.sub(lambda found: found[1] + MASK, VALUE.sub(MASK, text))


def is_credential(name: str) -> bool:
    """Whether what is called so holds a secret; `DB_SECRET_NAME` and `token-ttl` say where or how long only."""
    return CREDENTIAL.search(name) is not None and OF_NAMES.search(name) is None
