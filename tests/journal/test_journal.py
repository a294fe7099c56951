from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.journal import Input, Journal

QUESTION = Input("message:C1:1.0", "question", "U1", "C1", "1.0", "comment voir les pods ?", {"files": 0})


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture
async def journal(url: str) -> AsyncIterator[Journal]:
    async with Journal.open(url) as journal:
        yield journal


async def test_an_input_is_accepted_once(journal: Journal) -> None:
    assert await journal.accept(QUESTION)
    assert await journal.accept(replace(QUESTION, text="the same message, delivered again")) is None


async def test_what_was_accepted_and_not_answered_is_found_by_the_next_start(url: str) -> None:
    async with Journal.open(url) as before:
        await before.accept(QUESTION)
    async with Journal.open(url) as after:
        [pending] = await after.pending()
    assert pending.input == QUESTION
    assert not pending.started


async def test_what_was_answered_is_owed_no_more_and_its_address_is_forgotten(journal: Journal) -> None:
    pending = await journal.accept(replace(QUESTION, address={"response_url": "a key"}))
    assert pending
    await journal.decide(pending, "answered", "list-pods")
    await journal.replied(pending)
    assert await journal.pending() == []


async def test_a_command_that_was_about_to_act_says_so_after_a_restart(url: str) -> None:
    async with Journal.open(url) as before:
        pending = await before.accept(replace(QUESTION, kind="command"))
        assert pending
        await before.understand(pending, "kubectl scale deployment web --replicas=5", acts=True)
    async with Journal.open(url) as after:
        [found] = await after.pending()
    assert found.started
    assert found.understood == "kubectl scale deployment web --replicas=5"


async def test_a_read_that_was_interrupted_may_be_run_again(journal: Journal) -> None:
    pending = await journal.accept(replace(QUESTION, kind="command"))
    assert pending
    await journal.understand(pending, "kubectl get pods", acts=False)
    [found] = await journal.pending()
    assert not found.started


async def test_the_last_question_of_a_thread_is_the_one_before_this_one(journal: Journal) -> None:
    first = await journal.accept(QUESTION)
    second = await journal.accept(replace(QUESTION, key="message:C1:2.0", text="et pour l'enlever ?"))
    await journal.accept(replace(QUESTION, key="message:C1:3.0", thread_ts="3.0", text="another thread"))
    assert first
    assert second
    assert await journal.last_question("C1", "1.0", before=second.id) == QUESTION.text
    assert await journal.last_question("C1", "1.0", before=first.id) is None


async def test_a_chosen_language_is_kept_and_can_be_changed(journal: Journal) -> None:
    assert await journal.language_of("U1") is None
    await journal.choose_language("U1", "en")
    await journal.choose_language("U1", "fr")
    assert await journal.language_of("U1") == "fr"


async def test_the_schema_is_brought_forward_again_and_again_without_loss(url: str) -> None:
    for _ in range(3):
        async with Journal.open(url) as journal:
            await journal.accept(QUESTION)
            assert len(await journal.pending()) == 1
