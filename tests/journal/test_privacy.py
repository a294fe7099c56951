"""What is kept about a person can be taken out and forgotten, and nothing is kept for ever."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.journal import Input, Journal, Pending
from bot.journal.privacy import PERSONAL
from bot.journal.tables import Base
from tests.journal.test_journal import accept

SOON = datetime.now(UTC) + timedelta(days=1)
NAMED = {"user_id", "author", "taken_by"}


def said_by(user_id: str, number: int) -> Input:
    key, ts = f"message:D{user_id}:{number}.0", f"{number}.0"
    return Input(key, "question", user_id, f"D{user_id}", ts, f"question {number} de {user_id}", {}, ts)


async def fill(journal: Journal) -> tuple[Pending, Pending, Pending]:
    """Anna asks twice, Boris once; each votes; Anna's first is put to the trainers and made an entry."""
    first, second = [await accept(journal, said_by("U0ANNA", number)) for number in (1, 2)]
    other = await accept(journal, said_by("U0BORIS", 3))
    for pending in (first, second, other):
        await journal.decide(pending, "answered", f"for {pending.input.user_id}")
        await journal.replied(pending, "9.9")
    await journal.votes.cast(first.id, "U0ANNA", first.id, useful=True)
    await journal.votes.cast(second.id, "U0BORIS", second.id, useful=False)
    await journal.requests.claim(first.id, second.id, "U0ANNA")
    await journal.choose_language("U0ANNA", "en")
    offer = await journal.offers.make("undo", other.id, "U0BORIS", "a", "scale", "kubectl scale", [], SOON)
    await journal.offers.take(offer, second.id, "U0ANNA")
    return first, second, other


async def test_every_column_with_a_persons_id_is_known() -> None:
    found = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    named = {(row.__tablename__, column) for row, columns in PERSONAL.items() for column in columns}
    assert {(table, column) for table, column in found if column in NAMED} == named


async def test_all_that_is_kept_about_a_person_can_be_taken_out_and_nothing_of_others(journal: Journal) -> None:
    await fill(journal)
    kept = await journal.privacy.export("U0ANNA")
    assert [row["text"] for row in kept["inputs"]] == ["question 1 de U0ANNA", "question 2 de U0ANNA"]
    assert [len(kept[table]) for table in ("preferences", "votes", "requests", "offers")] == [1, 1, 1, 1]
    assert "BORIS" not in json.dumps(kept["inputs"], default=str)


async def test_a_person_is_forgotten_and_others_keep_what_is_theirs(journal: Journal) -> None:
    await fill(journal)
    assert await journal.privacy.forget("U0ANNA") == 2
    assert not any((await journal.privacy.export("U0ANNA")).values())
    assert "ANNA" not in json.dumps(await journal.privacy.export("U0BORIS"), default=str)
    assert len((await journal.privacy.export("U0BORIS"))["votes"]) == 1
    assert await journal.privacy.forget("U0ANNA") == 0


async def test_what_a_forgotten_person_still_waits_for_is_not_worked_on(journal: Journal) -> None:
    pending = await accept(journal, said_by("U0ANNA", 1))
    await journal.votes.cast(pending.id, "U0BORIS", pending.id, useful=True)
    await journal.privacy.forget("U0ANNA")
    assert await journal.pending() == []


async def test_an_input_that_comes_again_after_it_was_forgotten_is_another_one(journal: Journal) -> None:
    first, _, _ = await fill(journal)
    await journal.privacy.forget("U0ANNA")
    assert await journal.accept(replace(first.input)) is not None


async def test_what_is_too_old_goes_and_what_is_not_stays(journal: Journal) -> None:
    await fill(journal)
    assert await journal.privacy.expire(datetime.now(UTC) - timedelta(days=1)) == 0
    assert await journal.privacy.expire(SOON + timedelta(days=1)) == 3
    assert await journal.privacy.expire(SOON + timedelta(days=1)) == 0
    assert not any((await journal.privacy.export("U0BORIS")).values())
    # A choice is no record of what somebody did.
    assert len((await journal.privacy.export("U0ANNA"))["preferences"]) == 1
