"""An answer's order, and what is folded."""

from itertools import pairwise
from typing import Any

import pytest

from bot.knowledge import Answer, KnowledgeBase, Part
from bot.knowledge.answers import CommandLine
from bot.language import LANGS
from bot.slack.answers import AT_A_GLANCE, build_answer, build_rest
from bot.slack.blocks import Message

SENTENCE = "Un pod est la plus petite unité de Kubernetes. "


def answer(*parts: Part) -> Answer:
    ids = tuple(f"entry-{n}" for n in range(len(parts) + 1))
    return Answer("answer", "fr", parts, ids, related=(("other", "Une autre fiche"),))


def texts(message: Message) -> list[str]:
    kinds = {"section": lambda b: b["text"]["text"], "context": lambda b: b["elements"][0]["text"]}
    return [kinds[block["type"]](block) for block in message.blocks if block["type"] in kinds]


def labels(message: Message) -> list[str]:
    rows: list[list[dict[str, Any]]] = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


def test_explanation_commands_with_what_they_do_source_related_votes_and_a_human_in_this_order() -> None:
    part = Part("Titre", "Explication.", (CommandLine("kubectl get pods", "affiche les pods"),), "Source : le cours")
    message = build_answer(answer(part), 7, {}, can_ask=True)
    assert texts(message) == [
        "*Titre*",
        "Explication.",
        "affiche les pods\n```\nkubectl get pods\n```",
        "Source : le cours",
        "Voir aussi :",
    ]
    assert labels(message) == ["Une autre fiche", "Utile", "Pas utile", "Demander à un formateur"]


def test_every_answer_of_the_base_fits_a_phone_whatever_is_folded(knowledge: KnowledgeBase) -> None:
    for entry in knowledge.entries:
        for lang in LANGS:
            shown = knowledge.show(entry.id, lang)
            assert shown
            message = build_answer(shown, 1, {}, can_ask=True)
            assert sum(map(len, texts(message))) <= AT_A_GLANCE + 100, entry.id  # the marks of bold and code
            assert all(len(label) <= 75 for label in labels(message))


def test_a_long_answer_is_cut_between_sentences_and_the_rest_is_behind_a_button() -> None:
    long = (SENTENCE * 40).strip()
    part = Part("Titre", long, (CommandLine("kubectl get pods", "affiche les pods"),), "Source : le cours")
    message = build_answer(answer(part), 7, {}, can_ask=False)
    assert labels(message)[1:] == ["En savoir plus", "Utile", "Pas utile"]
    assert texts(message)[1].endswith("Kubernetes.")
    assert texts(message)[2] == "Source : le cours"
    rest = build_rest([answer(part)], {})
    assert texts(message)[1] + " " + texts(rest)[1] == long
    assert "kubectl get pods" in texts(rest)[2]


def test_a_code_block_is_never_cut_in_two() -> None:
    part = Part("Titre", f"Avant.\n```\n{'a: b. c' * 300}\n```", (), "Source : le cours")
    message = build_answer(answer(part), 7, {}, can_ask=False)
    assert texts(message)[:2] == ["*Titre*", "Avant."]
    assert texts(build_rest([answer(part)], {}))[1].count("```") == 2


def test_of_two_answers_in_one_message_both_begin_in_order() -> None:
    parts = [Part(f"Titre {n}", SENTENCE * 40, (), "Source : le cours") for n in (1, 2)]
    message = build_answer(answer(*parts), 7, {}, can_ask=False)
    titles = [text for text in texts(message) if text.startswith("*")]
    assert titles == ["*Titre 1*", "*Titre 2*"]
    assert sum(map(len, texts(message))) <= AT_A_GLANCE + 100


@pytest.mark.parametrize("commands", [3, 30])
def test_commands_that_find_no_room_keep_their_order(commands: int) -> None:
    lines = tuple(CommandLine(f"kubectl get pods web-{n:02} {'x' * 60}", "montre") for n in range(commands))
    part = Part("Titre", SENTENCE, lines, "Source : le cours")
    both = [*texts(build_answer(answer(part), 7, {}, can_ask=False)), *texts(build_rest([answer(part)], {}))]
    order = [text for text in both if "```" in text]
    assert len(order) == commands
    assert all(before < after for before, after in pairwise(order))
