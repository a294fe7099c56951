"""What a question costs, and what a base takes, as the base grows: the shipped one, 10 000 and 100 000 entries.

The grown ones hold the shipped entries and copies of them on other subjects: half of the longer words of each copy are
made up, out of a language of 50 000 words, and it has as many wordings as a draft of `timonier knowledge build` has.
"""

import multiprocessing
import random
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from bot.knowledge import DEFAULT_FOLDER, Entry, KnowledgeBase, load_entries
from bot.knowledge.evaluation import read_questions
from bot.language import Text

QUESTIONS = Path(__file__).parents[1] / "tests" / "knowledge" / "questions"
SIZES = (0, 10_000, 100_000)
DRAFT_WORDINGS = {"fr": 5, "en": 3}
WORD = re.compile(r"\b[a-zà-ÿ]{5,}\b")
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in ("a", "e", "i", "o", "u", "ou")]
LANGUAGE = 50_000


def main() -> None:
    """The CPU time of a question and the memory of the process, by the number of entries."""
    print(f"{'entries':>10}{'median ms':>12}{'p99 ms':>10}{'p99 / shipped':>16}{'memory MB':>12}")
    shipped = None
    for size in SIZES:
        # In a process of its own: memory that another size took is not given back.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            entries, median, slowest, megabytes = pool.apply(measure, (size,))
        shipped = shipped or slowest
        print(f"{entries:>10}{median * 1e3:>12.2f}{slowest * 1e3:>10.2f}{slowest / shipped:>16.1f}{megabytes:>12.0f}")


def measure(size: int) -> tuple[int, float, float, float]:
    """Entries, median and 99th percentile in seconds, and resident megabytes."""
    base = KnowledgeBase(grown(load_entries(DEFAULT_FOLDER), size))
    base.warm()
    questions = [question for file in sorted(QUESTIONS.glob("*.yaml")) for question in read_questions(file)[0]]
    seconds = []
    for question in questions:
        begun = time.process_time()
        base.answer(question.text, *question.before)
        seconds.append(time.process_time() - begun)
    return len(base.entries), statistics.median(seconds), statistics.quantiles(seconds, n=100)[98], resident()


def grown(shipped: Sequence[Entry], size: int) -> tuple[Entry, ...]:
    others = (
        (on_another_subject(entry, number) for number, entry in enumerate(islice(cycle(shipped), size - len(shipped))))
        if size > len(shipped)
        else ()
    )
    return (*shipped, *others)


def on_another_subject(entry: Entry, number: int) -> Entry:
    chance = random.Random(number)

    def made_up(text: str) -> str:
        return WORD.sub(lambda word: word_of(chance) if chance.random() < 0.5 else word[0], text)

    def said(text: Text) -> Text:
        return Text(made_up(text.fr), made_up(text.en))

    wordings = {lang: tuple(map(made_up, entry.questions[lang][:count])) for lang, count in DRAFT_WORDINGS.items()}
    names = {"id": f"{entry.id}-{number}", "title": said(entry.title), "questions": wordings}
    return replace(entry, **names, answer=said(entry.answer), related=())


def word_of(chance: random.Random) -> str:
    """One of the made-up words; as in any language, few are common and most are rare."""
    return spelled(int(LANGUAGE ** chance.random()))


def spelled(number: int) -> str:
    return "".join(syllables(number * 7_919 + len(SYLLABLES) ** 2))


def syllables(number: int) -> Iterator[str]:
    while number:
        number, place = divmod(number, len(SYLLABLES))
        yield SYLLABLES[place]


def resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024
