"""Draft entries from a course's sections: they load as they are, and are there to be edited.

A course in one language gets both, honestly: titles, explanations and what commands do stay in the course's words, the
other language saying before the explanation which language that is; only the wordings around headings and commands are
made in each language. So a reader of the other language finds the right section, and is not told that it was translated.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.knowledge.building.commands import Shown, commands_of
from bot.knowledge.building.course import Prose, Section
from bot.knowledge.entries import Command, Entry
from bot.language import LANGS, Lang, Text

COURSE_SAYS: Mapping[Lang, Text] = {
    "fr": Text("", "(The course says this in French.) "),
    "en": Text("(Le cours le dit en anglais.) ", ""),
}
ONLY_COMMANDS = Text("Le cours n'en donne que ceci.", "This is all that the course gives.")
_ASKS: Mapping[Lang, tuple[str, ...]] = {
    "fr": ("c'est quoi {title} ?", "explique-moi {title}", "que dit le cours sur {title} ?"),
    "en": ("what is {title}?", "explain {title}", "what does the course say about {title}?"),
}
_HOW: Mapping[Lang, str] = {"fr": "comment {goal} ?", "en": "how do I {goal}?"}
_WHICH: Mapping[Lang, str] = {"fr": "à quoi sert {run} ?", "en": "what does {run} do?"}
# « Pour lister les pods, … », "To list the pods, …", and headings that are such a goal.
_GOAL: Mapping[Lang, re.Pattern[str]] = {
    "fr": re.compile(r"\bpour ((?:s'|se |ne pas )?[a-zà-ÿ]{2,}(?:er|ir|re)\b[^,.:;(`]*)", re.IGNORECASE),
    "en": re.compile(r"(?:^|[.!?] )to ((?!the |a |an |this |that )[a-z]{2,}\b[^,.:;(`]*)", re.IGNORECASE),
}
_TASK: Mapping[Lang, re.Pattern[str]] = {
    "fr": re.compile(r"^(?:S'|Se )?[A-ZÀ-Þ][a-zà-ÿ]+(?:er|ir|re)\b"),
    "en": re.compile(
        r"^(?:Access|Add|Build|Change|Check|Configure|Connect|Create|Debug|Define|Delete|Deploy|Edit|Enable|Explore|Expose|"
        r"Install|List|Make|Manage|Remove|Restart|Run|Scale|Set|Show|Start|Stop|Uninstall|Update|Upgrade|Use|View|Write)\b"
    ),
}
MOST_WORDINGS = 12
MOST_COMMANDS = 20
# Slack shows 3 000 characters at once, and escapes lengthen a text.
_LONGEST_ANSWER = 2_400
_LONGEST_LINE = 150
_LONGEST_ID = 70


def drafts_of(sections: Sequence[Section], lang: Lang) -> tuple[Entry, ...]:
    """An entry for each section that says something, in the course's order."""
    said = [section for section in sections if section.blocks]
    titles = Counter(section.title for section in said)
    ids: set[str] = set()
    return tuple(_draft(section, lang, titles[section.title] > 1, ids) for section in said)


def _draft(section: Section, lang: Lang, ambiguous: bool, ids: set[str]) -> Entry:
    name = f"{section.title} ({section.path[-2]})" if ambiguous and len(section.path) > 1 else section.title
    title = _shortened(name, _LONGEST_LINE)
    shown = commands_of(section)[:MOST_COMMANDS]
    does = [Text(*[_shortened(command.does or title, _LONGEST_LINE)] * 2) for command in shown]
    return Entry(
        id=_id(section, ids),
        chapter=Text(section.path[0], section.path[0]),
        title=Text(title, title),
        questions={each: tuple(_wordings(section, title, shown, lang, each)) for each in LANGS},
        answer=_answer(section, lang),
        commands=tuple(Command(command.run, text) for command, text in zip(shown, does, strict=True)),
        source=section.source,
    )


def _wordings(section: Section, title: str, shown: Sequence[Shown], lang: Lang, wanted: Lang) -> list[str]:
    asked = [template.format(title=title) for template in _ASKS[wanted]]
    if _TASK[lang].match(title):
        asked.insert(0, _HOW[wanted].format(goal=title[0].lower() + title[1:]))
    if len(section.path) > 1:
        asked.append(" ".join(section.path))
    goals = [_HOW[wanted].format(goal=goal) for goal in _goals(section, lang)] if wanted == lang else []
    runs = [_WHICH[wanted].format(run=command.run) for command in shown if len(command.run) <= _LONGEST_LINE]
    # Half of the room for each, unless one leaves it to the other.
    room = MOST_WORDINGS - len(asked)
    asked += goals[: max(room // 2, room - len(runs))]
    return list(dict.fromkeys([*asked, *runs[: MOST_WORDINGS - len(asked)]]))


def _goals(section: Section, lang: Lang) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Prose):
            yield from (goal.strip() for goal in _GOAL[lang].findall(block.text) if len(goal.split()) > 1)


def _answer(section: Section, lang: Lang) -> Text:
    said = "\n".join(block.text for block in section.blocks if isinstance(block, Prose))
    text = _shortened(said, _LONGEST_ANSWER)
    return Text(*(COURSE_SAYS[lang][each] + text if text else ONLY_COMMANDS[each] for each in LANGS))


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
