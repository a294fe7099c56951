"""How well a base answers questions that were written without it: the measures, their bars, and every failure.

A question file has ``bars`` (a share for each measure) and ``questions``: each with ``text``, ``style``, ``chapter``
(``beyond`` and ``none`` are no chapters of the course), ``kind``, ``expect`` (a pattern that the text a student reads
must contain), and for a follow-up ``after``, the question before it, or a list of those before it, oldest first.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.answers import Answer, Kind, plain
from bot.knowledge.search import KnowledgeBase

# The measures in the order of the table. The last one is a bar from above.
MEASURES = ("course", "beyond", "out_of_scope", "smalltalk", "called_unknown")
EXAMPLE = '{text: "cmt lister les pods", style: typos, chapter: beyond, kind: answer, expect: "kubectl get pods"}'


class QuestionsError(Exception):
    """A question file that cannot be measured; the message shows a right question."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    style: str
    chapter: str
    kind: Kind
    expect: re.Pattern[str]
    before: tuple[str, ...] = ()

    @property
    def measure(self) -> str:
        if self.kind != "answer":
            return "smalltalk" if self.kind == "smalltalk" else "out_of_scope"
        return "beyond" if self.chapter == "beyond" else "course"


@dataclass(frozen=True, slots=True)
class Result:
    question: Question
    answer: Answer
    seconds: float

    @property
    def right(self) -> bool:
        return self.answer.kind == self.question.kind and bool(self.question.expect.search(plain(self.answer)))


@dataclass(frozen=True, slots=True)
class Report:
    """``measures``: the share of right answers for each; for ``called_unknown``, of course questions so called."""

    results: Sequence[Result]
    bars: Mapping[str, float]

    @property
    def failures(self) -> list[Result]:
        return [result for result in self.results if not result.right]

    @property
    def measures(self) -> dict[str, float]:
        groups = _grouped((result.question.measure, result) for result in self.results)
        shares = {measure: _share([result.right for result in groups.get(measure, [])]) for measure in MEASURES[:-1]}
        unknown = _share([result.answer.kind == "unknown" for result in groups.get("course", [])])
        return {measure: share for measure, share in shares.items() if measure in groups} | {MEASURES[-1]: unknown}

    @property
    def missed(self) -> list[str]:
        """The measures that are below their bars, or above that of ``called_unknown``."""
        above = {MEASURES[-1]}
        measured = self.measures
        return [
            measure
            for measure, bar in self.bars.items()
            if measure in measured and (measured[measure] > bar if measure in above else measured[measure] < bar)
        ]

    def table(self) -> str:
        lines = [f"{'measure':<16}{'figure':>8}{'bar':>8}"]
        for measure, share in self.measures.items():
            bar = f"{self.bars[measure]:.1%}" if measure in self.bars else ""
            lines.append(f"{measure:<16}{share:>8.1%}{bar:>8}{'  missed' if measure in self.missed else ''}")
        slowest = sorted(result.seconds for result in self.results)[int(len(self.results) * 0.99)]
        lines.append(f"{'p99':<16}{slowest * 1000:>6.1f} ms")
        for title in ("style", "chapter"):
            groups = _grouped((getattr(result.question, title), result) for result in self.results)
            lines += ["", f"by {title}"]
            for name, group in groups.items():
                right = sum(result.right for result in group)
                lines.append(f"  {right:>4}/{len(group):<4} {right / len(group):>6.1%}  {name}")
        return "\n".join([*lines, *(["", "failures"] if self.failures else []), *map(_failure, self.failures)])


def evaluate(base: KnowledgeBase, file: Path) -> Report:
    """Ask the base every question of the file; raises QuestionsError."""
    questions, bars = read_questions(file)
    return Report([_ask(base, question) for question in questions], bars)


def read_questions(file: Path) -> tuple[Sequence[Question], Mapping[str, float]]:
    """The questions and the bars of a file; raises QuestionsError."""
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # a safe loader
    if not isinstance(content, dict) or not content.get("questions"):
        raise QuestionsError(f"{file}: no `questions`. A right question: {EXAMPLE}")
    return list(_questions(file, content["questions"])), content.get("bars", {})


def _questions(file: Path, raws: Sequence[Mapping[str, Any]]) -> Iterator[Question]:
    for position, raw in enumerate(raws, start=1):
        try:
            pattern = re.compile(raw["expect"], re.IGNORECASE | re.DOTALL)
            after = raw.get("after", ())
            before = (after,) if isinstance(after, str) else tuple(after)
            yield Question(raw["text"], raw["style"], raw["chapter"], raw["kind"], pattern, before)
        except (KeyError, TypeError, re.error) as error:
            raise QuestionsError(f"{file}: question {position}: {error!r}. A right question: {EXAMPLE}") from error


def _ask(base: KnowledgeBase, question: Question) -> Result:
    start = time.perf_counter()
    answer = base.answer(question.text, *question.before)
    return Result(question, answer, time.perf_counter() - start)


def _failure(result: Result) -> str:
    question, found = result.question, ", ".join(result.answer.entries[:2]) or "-"
    after = f" (after: {' | '.join(question.before)})" if question.before else ""
    return f"  {question.style} · {question.chapter} · {question.text}{after}\n      {result.answer.kind}: {found}"


def _grouped(pairs: Iterator[tuple[str, Result]]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for name, result in pairs:
        groups.setdefault(name, []).append(result)
    return groups


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0
