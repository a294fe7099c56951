"""Correcting words against the base's own, and the sections of words.yaml."""

import pytest

from bot.knowledge.spelling import Speller, sound
from bot.knowledge.words import load_words, words_of

KNOWN = dict.fromkeys(("deploiement", "namespace", "installer", "augmente", "enleve", "application", "completion"), 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("namspace", ["namespace"]),
        ("nmaespace", ["namespace"]),
        ("deploiman", ["deploiement"]),
        ("instalé", ["installer"]),
        ("jaugmente", ["j", "augmente"]),
        ("jogmente", ["j", "augmente"]),
        ("lapplication", ["l", "application"]),
        ("jenlève", ["j", "enleve"]),
        ("naimespaice", ["namespace"]),
        ("nmspc", ["namespace"]),
        ("aplikassion", ["application"]),
    ],
)
def test_a_misspelt_word_becomes_the_one_that_was_meant(typed: str, meant: list[str]) -> None:
    (word,) = words_of(typed)
    assert Speller(KNOWN).correct(word) == meant


@pytest.mark.parametrize("word", ["kubespray", "heroku", "abc", "zzzz"])
def test_a_word_that_is_near_none_is_left_alone(word: str) -> None:
    assert Speller(KNOWN).correct(word) == []


def test_words_that_sound_alike_have_one_sound() -> None:
    assert sound("koi") == sound("quoi")
    assert sound("deploiement") == sound("deploiman")


def test_case_and_accents_do_not_count_but_in_options_case_does() -> None:
    assert words_of("ÉTÉ œuf L'Appli") == ["ete", "oeuf", "l", "appli"]
    assert words_of("get pods -A -a --all-namespaces kube-system") == [
        *("get", "pods", "-A", "-a"),
        *("all", "namespaces", "kube", "system"),
    ]


def test_a_common_word_is_no_misspelling() -> None:
    assert {"lent", "correct"} <= load_words().common
