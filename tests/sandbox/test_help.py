"""Help is made from the table: all of it is there, in both languages."""

import re
import shlex

import pytest

from bot.errors import BotError
from bot.language import LANGS, Lang
from bot.sandbox import Help, help_text
from bot.sandbox.grammar import read
from bot.sandbox.manual import PAGES, page
from bot.sandbox.table import VERBS, Verb
from bot.sandbox.table.reads import GET


@pytest.mark.parametrize("lang", LANGS)
def test_the_overview_names_every_verb(lang: Lang) -> None:
    text = help_text(lang, None)
    assert all(f"/k8s {verb.name}" in text for verb in VERBS.values())
    assert all(verb.does[lang] in text for verb in VERBS.values())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
def test_the_help_of_a_verb_has_its_flags_and_examples(lang: Lang, verb: Verb) -> None:
    text = help_text(lang, verb.name)
    assert all(f"--{flag.name}" in text and flag.does[lang] in text for flag in verb.flags)
    assert all(example in text for example in verb.examples)


def test_help_in_french_word_works_too() -> None:
    assert help_text("fr", "aide") == help_text("fr", "help")


@pytest.mark.parametrize("lang", LANGS)
def test_the_help_of_a_family_names_its_commands_and_no_others(lang: Lang) -> None:
    text = help_text(lang, "rollout")
    assert all(verb.examples[0] in text for verb in VERBS.values() if verb.name.startswith("rollout "))
    assert GET.examples[0] not in text


@pytest.mark.parametrize("line", ["help rollout", "rollout", "rollout --help", "rollout help"])
def test_a_family_alone_asks_for_its_help(line: str) -> None:
    assert Help(read(line.split())).about == "rollout"


@pytest.mark.parametrize("line", ["help rollout status", "rollout status --help", "rollout status help"])
def test_a_command_of_two_words_has_help(line: str) -> None:
    assert Help(read(line.split())).about == "rollout status"


def test_help_on_what_is_not_offered_says_what_to_do_instead() -> None:
    with pytest.raises(BotError, match="kubectl exec"):
        help_text("fr", "exec")


@pytest.mark.parametrize("example", [example for verb in VERBS.values() for example in verb.examples])
def test_every_example_is_a_command_line(example: str) -> None:
    words = read(shlex.split(example))
    assert example.startswith(words.verb.name)


@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
def test_the_usage_of_a_verb_names_the_words_behind_it(verb: Verb) -> None:
    """``args`` is what the builder asks for, ``usage`` what help shows."""
    shown = verb.usage.removeprefix(verb.name).partition("--")[0]
    assert bool(verb.args) == bool(re.search(r"(?<!-\w )\b[A-Z]{3,}", shown)), "add the row's `args`"
    assert all(arg.name.split("[")[0] in shown for arg in verb.args)


@pytest.mark.parametrize("lang", LANGS)
def test_the_documentations_page_is_that_of_the_table(lang: Lang) -> None:
    assert PAGES[lang].read_text(encoding="utf-8") == page(lang), "run `make docs` and commit"
