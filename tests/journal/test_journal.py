import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.journal import Input, Journal, Pending

QUESTION = Input("message:C1:1.0", "question", "U1", "C1", "1.0", "comment voir les pods ?", {"files": 0}, "1.0")


async def test_an_input_is_accepted_once(journal: Journal) -> None:
    assert await journal.accept(QUESTION)
    assert await journal.accept(replace(QUESTION, text="the same message, delivered again")) is None


async def test_what_was_accepted_and_not_answered_is_found_by_the_next_start(database_url: str) -> None:
    async with Journal.open(database_url) as before:
        await before.accept(QUESTION)
    async with Journal.open(database_url) as after:
        [pending] = await after.pending()
    assert pending.input == QUESTION
    assert not pending.started


async def test_what_was_answered_is_owed_no_more_and_its_address_is_forgotten(journal: Journal) -> None:
    pending = await journal.accept(replace(QUESTION, address={"response_url": "a key"}))
    assert pending
    await journal.decide(pending, "answered", "list-pods")
    await journal.replied(pending)
    assert await journal.pending() == []


async def test_a_reply_that_slack_did_not_take_for_a_day_is_forgotten_with_its_address(journal: Journal) -> None:
    pending = await journal.accept(replace(QUESTION, address={"response_url": "a key"}))
    assert pending
    await journal.owe(pending, {"text": "what pods there are"})
    for passed, kept in ((timedelta(hours=23), True), (timedelta(hours=25), False)):
        await journal.give_up(pending.accepted_at + passed)
        found = await journal.of(pending.id)
        assert found
        assert (bool(found.input.address), found.reply is not None) == (kept, kept)


async def test_a_command_that_was_about_to_act_says_so_after_a_restart(database_url: str) -> None:
    async with Journal.open(database_url) as before:
        pending = await before.accept(replace(QUESTION, kind="command"))
        assert pending
        await before.begin(pending, "kubectl scale deployment web --replicas=5", [])
    async with Journal.open(database_url) as after:
        [found] = await after.pending()
    assert found.started
    assert found.understood == "kubectl scale deployment web --replicas=5"


async def test_a_command_that_acted_and_whose_reply_is_owed_is_not_to_be_run_again(journal: Journal) -> None:
    pending = await journal.accept(replace(QUESTION, kind="command"))
    assert pending
    await journal.begin(pending, "kubectl scale deployment web --replicas=5", [])
    await journal.decide(pending, "ran", "ok")
    [found] = await journal.pending()
    assert found.started


async def test_a_read_that_was_interrupted_may_be_run_again(journal: Journal) -> None:
    pending = await journal.accept(replace(QUESTION, kind="command"))
    assert pending
    journal.understand(pending, "kubectl get pods")
    [found] = await journal.pending()
    assert not found.started


async def test_a_question_is_read_after_those_before_it_in_its_thread(journal: Journal) -> None:
    first = await accept(journal, QUESTION)
    second = await accept(journal, asked("2.0", "et pour l'enlever ?"))
    await accept(journal, replace(asked("3.0", "another thread"), thread_ts="3.0"))
    third = await accept(journal, asked("4.0", "et en yaml ?"))
    assert await journal.questions_before(first) == []
    assert await journal.questions_before(second) == [QUESTION.text]
    assert await journal.questions_before(third) == [QUESTION.text, "et pour l'enlever ?"]


async def test_an_edited_question_keeps_its_place_in_the_thread(journal: Journal) -> None:
    await accept(journal, QUESTION)
    await accept(journal, asked("2.0", "et pour l'enlever ?"))
    edit = await accept(journal, replace(QUESTION, key="message:C1:1.0:9.0", text="comment voir les services ?"))
    assert await journal.questions_before(edit) == []
    third = await accept(journal, asked("3.0", "et en yaml ?"))
    assert await journal.questions_before(third) == ["comment voir les services ?", "et pour l'enlever ?"]


async def test_the_reply_to_an_earlier_wording_is_known_once_it_is_out(journal: Journal) -> None:
    first = await accept(journal, QUESTION)
    edit = await accept(journal, replace(QUESTION, key="message:C1:1.0:9.0"))
    assert await journal.earlier_reply(edit) == (False, None)
    await journal.replied(first, "1.5")
    assert await journal.earlier_reply(edit) == (True, "1.5")


async def test_the_question_of_a_click_is_the_last_one_of_its_thread(journal: Journal) -> None:
    question = await accept(journal, QUESTION)
    click = await accept(journal, replace(QUESTION, key="click:1", kind="click", message_ts="1.5"))
    await accept(journal, asked("2.0", "a later one"))
    found = await journal.question_of(click.id)
    assert found
    assert found.id == question.id
    assert await journal.question_of(9999) is None


async def test_a_chosen_language_is_kept_and_can_be_changed(journal: Journal) -> None:
    assert await journal.language_of("U1") is None
    await journal.choose_language("U1", "en")
    await journal.choose_language("U1", "fr")
    assert await journal.language_of("U1") == "fr"


def asked(ts: str, text: str) -> Input:
    return replace(QUESTION, key=f"message:C1:{ts}", text=text, message_ts=ts)


async def fill(journal: Journal) -> None:
    """With inputs 1 to 15."""
    for number in range(1, 16):
        await accept(journal, replace(QUESTION, key=f"filler:{number}"))


async def accept(journal: Journal, incoming: Input) -> Pending:
    pending = await journal.accept(incoming)
    assert pending
    return pending


async def test_it_is_ready_when_it_can_be_written(database_url: str) -> None:
    async with Journal.open(database_url) as journal:
        assert await journal.ready() < 1


async def test_it_is_not_ready_while_another_process_holds_the_lock_of_sqlite(tmp_path: Path) -> None:
    database = tmp_path / "journal.db"
    async with Journal.open(f"sqlite:///{database}") as journal:
        with closing(sqlite3.connect(database)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="locked"):
                await journal.ready()
