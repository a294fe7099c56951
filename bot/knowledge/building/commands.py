"""What in a course is a command: in a code block, between backticks, or in the middle of a plain sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.knowledge.building.course import Code, Prose, Section
from bot.knowledge.building.words import words_of_courses

_WORDS = words_of_courses()
_SIGN = re.compile(r"[-|<>/$=\"'.;&]")
_PROMPT = re.compile(r"^\s*(?:\$|❯|➜|PS>|[\w.-]+@[\w.-]+:\S*[$#]|#(?= \w+ ?[\w-]* -))\s+")
_TABLE = re.compile(r"^[A-Z][A-Z()-]+(?:\s{2,}|\t| )+[A-Z][A-Z()-]+\b")
_COMMENT = re.compile(r"(?:^|\s)#\s+(.*)$")
_HERE = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
_RUNS = re.compile(r"[a-z./~$][\w./-]*(?:\s|$)")
_PROGRAM = re.compile(
    r"\s*(?:- )?[\w./-]+:(?: ?\S|$)|[A-Z]{3,}[ \[]\S|\s*[\w.\[\]]+\s*=\s*\S|\s*[-{}<\[\])#/]|"
    r"\s*(?:class|const|def|for|from|func|function|if|import|let|package|return|var)\s"
)
_IN_PROSE = re.compile(rf"(?<![\w`/.-])(?:sudo\s+)?(?:{'|'.join(sorted(_WORDS['in_prose'], reverse=True))})\s")
_TOKEN = re.compile(r"[\w@%+=:,./<>\[\]{}'\"$~*!|&-]+")
_SPACED = re.compile(r"\s+")
# Longer than this is a file to download, not a command to read.
_LONGEST = 2_000
_LONGEST_LINE = 500
_BARE_WORDS = 3
# A section that has more is a reference; what follows is no lesson.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as the course shows it. ``does``: the course's own words for it, where it has some."""

    run: str
    does: str = ""


def commands_of(section: Section) -> tuple[Shown, ...]:
    """Each command once, in the course's order; a bare `tool verb` is left out where a whole command begins with it."""
    found: dict[str, Shown] = {}
    before = ""
    for block in section.blocks:
        if len(found) > _MOST:
            break
        if isinstance(block, Code):
            for shown in in_block(block):
                found.setdefault(_one_line(shown.run), shown if shown.does else Shown(shown.run, before))
        else:
            for run in islice(in_prose(block), _MOST):
                found.setdefault(run, Shown(run, _said_of(run, block.text) or before))
            before = _said_of("", block.text)
    return tuple(
        shown
        for line, shown in found.items()
        if line.count(" ") != 1 or not any(other.startswith(line + " ") for other in found)
    )


def in_block(code: Code) -> Iterator[Shown]:
    """The commands of a shell block, its comments as what they do; a manifest or a program is one piece."""
    lines = list(_logical(code.text))
    prompted = [_PROMPT.sub("", line) for line in lines if _PROMPT.match(line)]
    printed = code.language in _WORDS["output"] or not code.language
    if prompted:
        yield from _commented(prompted)
    elif code.language in _WORDS["shells"] or (printed and any(map(is_command, lines))):
        yield from _shell(lines, code)
    elif (not printed or (not code.language and _is_program(code.text))) and _fits(code):
        yield Shown(code.text)


def _shell(lines: list[str], code: Code) -> Iterator[Shown]:
    known = [line for line in lines if is_command(line) or line.startswith("# ")]
    if any(map(is_command, known)):
        yield from _commented(known)
    elif _RUNS.match(code.text) and _fits(code):
        yield Shown(code.text)


def _fits(code: Code) -> bool:
    return len(code.text) <= _LONGEST and not _TABLE.match(code.text)


def _is_program(text: str) -> bool:
    """Whether an untagged block is a file of a kind rather than what a command printed."""
    lines = [line for line in text.splitlines() if line.strip()]
    return sum(bool(_PROGRAM.match(line)) for line in lines) * 2 >= len(lines)


def in_prose(block: Prose) -> Iterator[str]:
    """Commands between backticks: more than a tool's name, as that says no more than a word does."""
    for code in re.findall(r"`([^`]+)`", block.text):
        if len(code.split()) > 1 and is_command(code):
            yield _one_line(code)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where commands stand in a plain sentence: from the tool's name to the first word that no command has."""
    position = 0
    while found := _IN_PROSE.search(text, position):
        position = _end_of_command(text, found)
        if position > found.end():
            yield found.start(), position
        position = max(position, found.end())


def _end_of_command(text: str, tool: re.Match[str]) -> int:
    end, bare, first = tool.end() - 1, 0, True
    for token in re.finditer(r"\S+", text[tool.end() : tool.end() + _LONGEST_LINE]):
        typed = _TOKEN.match(token[0])
        word = typed[0].rstrip(".,:;") if typed else ""
        if (
            not word.isascii()
            or word.lower() in _WORDS["sentence"]
            or not word
            or (first and word not in _WORDS["verbs"])
        ):
            break
        bare = bare + 1 if word.isalpha() else 0
        if bare > _BARE_WORDS:
            break
        first, end = False, tool.end() + token.start() + len(word)
        if word != token[0]:
            break
    return end


def is_command(line: str) -> bool:
    """Whether a shell would run it: a known tool, a path, an assignment before one."""
    words = re.sub(r"^(?:[A-Z_][A-Z0-9_]*=\S*\s+)+", "", line.strip()).split()
    if not words or _TABLE.match(line):
        return bool(re.match(r"^\s*[A-Z_]+=\S+$", line))
    if len(words) > 1 and words[1].lower() in _WORDS["sentence"]:
        return False
    if words[0] in _WORDS["ambiguous"]:
        return bool(_SIGN.search(" ".join(words[1:])))
    path = re.match(r"^(?:\.{1,2}|~)?/[\w./-]*\w$", words[0])
    return words[0] in _WORDS["tools"] or bool(path)


def _logical(text: str) -> Iterator[str]:
    """Lines, with what a backslash or a here-document goes on with."""
    lines = iter(text.splitlines())
    for line in lines:
        whole = line
        while whole.rstrip().endswith("\\"):
            whole += "\n" + next(lines, "")
            if whole.endswith("\n"):
                break
        if (here := _HERE.search(whole)) and "<<<" not in whole:
            for more in lines:
                whole += "\n" + more
                if more.strip() == here[1]:
                    break
        if whole.strip():
            yield whole


def _commented(lines: list[str]) -> Iterator[Shown]:
    said = ""
    for line in lines:
        comment = None if "\n" in line else _COMMENT.search(line)
        if comment and line[: comment.start()].count("'") % 2 == 0 and line[: comment.start()].count('"') % 2 == 0:
            line, said = line[: comment.start()].rstrip(), comment[1].strip()
        if line.strip() and len(line) <= _LONGEST:
            yield Shown(line.strip(), said)
            said = ""


def _said_of(run: str, text: str) -> str:
    """The sentence that holds the command, without it; for no command, the last sentence."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ«])", text[:_LONGEST].lstrip("•=> "))
    said = next((sentence for sentence in sentences if run in sentence), "") if run else sentences[-1]
    return re.sub(rf"^`{re.escape(run)}`|:\s*`{re.escape(run)}`[\s.:]*$", "", said).strip(" :.")


def _one_line(code: str) -> str:
    return _SPACED.sub(" ", code.replace("\\\n", " ")).strip()
