"""Draft entries from a course's sections: they load as they are, and are there to be edited.

A course in one language gets both, honestly: titles, explanations and what commands do stay in the course's words, and
in the other language each explanation first says which language follows. Only the questions around headings, commands
and names are made in each language. So a reader of either finds the right section, and nothing passes for translated.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.building.commands import Shown, commands_of
from bot.knowledge.building.course import Prose, Section
from bot.knowledge.entries import Command, Entry
from bot.language import LANGS, Lang, Text

COURSE_SAYS: Mapping[Lang, Text] = {
    "fr": Text("", "(The course says this in French.) "),
    "en": Text("(Le cours le dit en anglais.) ", ""),
}
ONLY_COMMANDS = Text("Le cours n'en donne que ceci.", "This is all that the course gives.")
ONLY_TITLE = Text("Le cours n'en donne que le titre.", "The course has only this title.")
_ASKS: Mapping[Lang, tuple[str, ...]] = {
    "fr": ("c'est quoi {title} ?", "explique-moi {title}", "que dit le cours sur {title} ?"),
    "en": ("what is {title}?", "explain {title}", "what does the course say about {title}?"),
}
_HOW: Mapping[Lang, str] = {"fr": "comment {goal} ?", "en": "how do I {goal}?"}
_WHICH: Mapping[Lang, str] = {"fr": "à quoi sert {run} ?", "en": "what does {run} do?"}
# « Pour lister les pods, … », "To list the pods, …", and headings that are such a goal.
_GOAL: Mapping[Lang, re.Pattern[str]] = {
    "fr": re.compile(
        r"\bpour ((?:s'|se |ne pas )?[a-zà-ÿ]{2,}(?:er|ir|re)\b[^,.:;(`]*?)\s*(?:[,.:;(`]| (?:on|il|nous|vous)\b|$)",
        re.I,
    ),
    "en": re.compile(
        r"(?:^|[.!?] )to ((?!the |a |an |this |that )[a-z]{2,}\b[^,.:;(`]*?)\s*(?:[,.:;(`]| (?:you|we)\b|$)", re.I
    ),
}
_TASK: Mapping[Lang, re.Pattern[str]] = {
    "fr": re.compile(r"^(?:S'|Se )?[A-ZÀ-Þ][a-zà-ÿ]+(?:er|ir|re)\b"),
    "en": re.compile(
        r"^(?:Access|Add|Build|Change|Check|Configure|Connect|Create|Debug|Define|Delete|Deploy|Edit|Enable|Explore|Expose|"
        r"Install|List|Make|Manage|Remove|Restart|Run|Scale|Set|Show|Start|Stop|Uninstall|Update|Upgrade|Use|View|Write)\b"
    ),
}
_NAME = re.compile(r"(?:(?<=[\w,;)] )|(?<=\())[A-Z][\w-]+(?: [A-Z][\w-]+)*|\b[a-z]+[A-Z0-9]\w*")
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"https?://\S+")
# A name that more sections have says little about one.
_RARE = 2
MOST_WORDINGS = 40
MOST_COMMANDS = 20
# Slack shows 3 000 characters at once, and escapes lengthen a text.
_LONGEST_ANSWER = 2_400
_LONGEST_LINE = 150
_LONGEST_ID = 70


def drafts_of(sections: Sequence[Section], lang: Lang) -> tuple[Entry, ...]:
    """An entry for each section, in the course's order; one that has only its title says so."""
    titles = Counter(section.title for section in sections)
    names = Counter(name for section in sections for name in _names(section))
    ids: set[str] = set()
    return tuple(_draft(section, _Course(lang, titles, names), ids) for section in sections)


@dataclass(frozen=True, slots=True)
class _Course:
    """``titles`` and ``names``: in how many sections each stands."""

    lang: Lang
    titles: Mapping[str, int]
    names: Mapping[str, int]


def _draft(section: Section, course: _Course, ids: set[str]) -> Entry:
    ambiguous = course.titles[section.title] > 1 and len(section.path) > 1
    title = _shortened(f"{section.title} ({section.path[-2]})" if ambiguous else section.title, _LONGEST_LINE)
    shown = commands_of(section)[:MOST_COMMANDS]
    does = [Text(*[_shortened(command.does or title, _LONGEST_LINE)] * 2) for command in shown]
    return Entry(
        id=_id(section, ids),
        chapter=Text(section.path[0], section.path[0]),
        title=Text(title, title),
        questions={lang: tuple(_wordings(section, title, shown, course, lang)) for lang in LANGS},
        answer=_answer(section, course.lang),
        commands=tuple(Command(command.run, text) for command, text in zip(shown, does, strict=True)),
        source=section.source,
    )


def _wordings(section: Section, title: str, shown: Sequence[Shown], course: _Course, lang: Lang) -> list[str]:
    """Templates around headings, commands and names; in the course's language also its goals and its sentences."""
    is_task = _TASK[course.lang].match(title)
    asked = [_HOW[lang].format(goal=title[0].lower() + title[1:])] if is_task else []
    asked += [template.format(title=title) for template in _ASKS[lang]]
    asked += [" ".join(section.path)] if len(section.path) > 1 else []
    asked += [_WHICH[lang].format(run=command.run) for command in shown if len(command.run) <= _LONGEST_LINE]
    asked += [_ASKS[lang][0].format(title=name) for name in _names(section) if course.names[name] <= _RARE]
    if lang == course.lang:
        asked += [_HOW[lang].format(goal=goal) for goal in _goals(section, lang)]
        asked += [sentence for sentence in _sentences(section) if len(sentence) <= _LONGEST_LINE]
    return list(dict.fromkeys(asked))[:MOST_WORDINGS]


def _goals(section: Section, lang: Lang) -> Iterator[str]:
    for text in _prose(section):
        yield from (goal.strip() for goal in _GOAL[lang].findall(text) if len(goal.split()) > 1)


def _names(section: Section) -> list[str]:
    """What the section names: capitals inside a sentence, or inside a word."""
    return list(
        dict.fromkeys(name for text in _prose(section) for name in _NAME.findall(_CODE.sub(" ", _LINK.sub(" ", text))))
    )


def _sentences(section: Section) -> Iterator[str]:
    for text in _prose(section):
        for sentence in re.split(r"(?<=[.!?])\s+", _LINK.sub("", text).replace("`", "")):
            if len(words := sentence.strip("•=> .:!").split()) > 2:
                yield " ".join(words)


def _prose(section: Section) -> Iterator[str]:
    return (block.text for block in section.blocks if isinstance(block, Prose))


def _answer(section: Section, lang: Lang) -> Text:
    text = _shortened("\n".join(_prose(section)), _LONGEST_ANSWER)
    nothing = ONLY_COMMANDS if section.blocks else ONLY_TITLE
    return Text(*(COURSE_SAYS[lang][each] + text if text else nothing[each] for each in LANGS))


def _shortened(text: str, most: int) -> str:
    """Cut after a sentence where one ends in the second half, else after a word."""
    if len(text) <= most:
        return text
    head = text[: most - 2]
    sentence = max(head.rfind(end) for end in (". ", ".\n", "! ", "? "))
    return head[: sentence + 1] + " …" if sentence > most // 2 else head.rsplit(maxsplit=1)[0] + " …"


def _id(section: Section, taken: set[str]) -> str:
    """From the headings alone, so that it outlives every change below them."""
    slug = slug_of(" ".join(section.path)) or "section"
    exact = hashlib.sha256("\n".join((section.document, *section.path)).encode()).hexdigest()[:6]
    if len(slug) > _LONGEST_ID or slug in taken:
        slug = f"{slug[:_LONGEST_ID].rstrip('-')}-{exact}"
    found = next(
        each for number in range(1, len(taken) + 3) if (each := slug + f"-{number}" * (number > 1)) not in taken
    )
    taken.add(found)
    return found


def slug_of(text: str) -> str:
    """Kebab case in ASCII."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
