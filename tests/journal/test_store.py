"""Requests, votes and entries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.journal import Journal, Pending, TrainerEntry
from tests.journal.test_journal import QUESTION, accept, asked, fill

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ENTRY = TrainerEntry(1, "id-1", "Titre", ("question",), "Réponse.", (("kubectl get pods", "les pods"),), "U0TRAINER")


async def unknown(journal: Journal, ts: str = "1.0") -> Pending:
    pending = await accept(journal, asked(ts, f"question {ts}"))
    await journal.decide(pending, "unknown", "unknown")
    return pending


async def test_a_question_is_requested_by_the_first_click_alone(journal: Journal) -> None:
    await fill(journal)
    first = await journal.requests.claim(1, 10, "U1")
    second = await journal.requests.claim(1, 11, "U2")
    assert first == second
    assert (second.click_id, second.user_id, second.ts) == (10, "U1", None)


async def test_a_request_that_is_withdrawn_counts_for_nobody(journal: Journal) -> None:
    await fill(journal)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await journal.requests.claim(1, 10, "U1")
    await journal.requests.claim(2, 11, "U1")
    assert len(await journal.requests.by("U1", hour_ago)) == 2
    await journal.requests.withdraw(1)
    assert len(await journal.requests.by("U1", hour_ago)) == 1
    assert await journal.requests.by("U1", datetime.now(UTC)) == []
    assert await journal.requests.of(1) is None


async def test_a_vote_tells_what_was_voted_before(journal: Journal) -> None:
    await fill(journal)
    assert await journal.votes.cast(1, "U1", 1, useful=True) is None
    assert await journal.votes.cast(1, "U1", 1, useful=False) is True
    assert await journal.votes.cast(1, "U1", 1, useful=False) is False
    assert await journal.votes.cast(1, "U2", 1, useful=True) is None


async def test_unsolved_are_the_unknown_and_the_not_useful_and_none_of_the_others(journal: Journal) -> None:
    for ts in ("1.0", "2.0", "3.0"):
        pending = await accept(journal, asked(ts, f"question {ts}"))
        await journal.decide(pending, "unknown" if ts == "1.0" else "answered", "")
    await journal.votes.cast(2, "U1", 2, useful=False)
    await journal.votes.cast(3, "U1", 3, useful=True)
    found = await journal.votes.unsolved(EPOCH, 10)
    assert [(q.text, q.unknown, q.not_useful) for q in found] == [("question 2.0", False, 1), ("question 1.0", True, 0)]
    assert await journal.votes.unsolved(datetime.now(UTC), 10) == []


async def test_of_an_edited_question_the_last_wording_counts(journal: Journal) -> None:
    await unknown(journal)
    edit = await accept(journal, replace(QUESTION, key="message:C1:1.0:2.0", text="mieux dit"))
    await journal.decide(edit, "answered", "")
    assert await journal.votes.unsolved(EPOCH, 10) == []


async def test_a_question_knows_when_an_entry_was_made_of_it_and_whether_it_failed_since(journal: Journal) -> None:
    await unknown(journal)
    await journal.entries.save(ENTRY, 1)
    [question] = await journal.votes.unsolved(EPOCH, 10)
    assert question.made_at
    assert question.since < question.made_at
    await journal.votes.cast(1, "U1", 1, useful=False)
    [question] = await journal.votes.unsolved(EPOCH, 10)
    assert question.made_at
    assert question.since > question.made_at


async def test_an_entry_is_saved_over_the_revision_that_was_seen_and_over_no_other(journal: Journal) -> None:
    await fill(journal)
    assert await journal.entries.save(ENTRY, 10)
    assert not await journal.entries.save(replace(ENTRY, answer="D'une autre main."), 11)
    assert await journal.entries.save(replace(ENTRY, answer="Corrigée.", revision=1), 12)
    assert not await journal.entries.save(replace(ENTRY, answer="En retard.", revision=1), 13)
    assert await journal.entries.all() == (replace(ENTRY, answer="Corrigée.", revision=2),)


async def test_the_same_form_again_changes_nothing(journal: Journal) -> None:
    await fill(journal)
    assert await journal.entries.save(ENTRY, 10)
    assert await journal.entries.save(ENTRY, 10)
    assert await journal.entries.version() == 1


async def test_the_version_grows_with_every_saving(journal: Journal) -> None:
    await fill(journal)
    versions = [await journal.entries.version()]
    for entry in (ENTRY, replace(ENTRY, revision=1), replace(ENTRY, question_id=2, id="id-2")):
        await journal.entries.save(entry, 10)
        versions.append(await journal.entries.version())
    assert versions == [0, 1, 2, 3]


async def test_the_asker_is_to_be_told_once(journal: Journal) -> None:
    await fill(journal)
    await journal.entries.save(ENTRY, 10)
    assert await journal.entries.tell(1)
    assert not await journal.entries.tell(1)
    await journal.entries.save(replace(ENTRY, revision=1), 11)
    assert not await journal.entries.tell(1)
