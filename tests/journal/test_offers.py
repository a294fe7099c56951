"""What buttons would do, and the brake."""

from datetime import UTC, datetime

from bot.journal import Journal
from tests.journal.test_store import unknown

UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
CHANGE = {"name": "web", "before": {"spec": {"replicas": 2}}, "after": None}


async def offer(journal: Journal) -> str:
    asked = await unknown(journal)
    return await journal.offers.make("undo", asked.id, "U1", "equipe-rouge", "scale …", "kubectl …", [CHANGE], UNTIL)


async def test_an_offer_comes_back_as_it_was_made(journal: Journal) -> None:
    found = await journal.offers.of(await offer(journal))
    assert found
    assert (found.kind, found.user_id, found.namespace, found.until) == ("undo", "U1", "equipe-rouge", UNTIL)
    assert found.changes == (CHANGE,)
    assert found.taken_by is None
    assert await journal.offers.of("forged") is None


async def test_an_offer_is_taken_by_one_click_which_may_come_back_to_it(journal: Journal) -> None:
    id_ = await offer(journal)
    click, late = await unknown(journal, "2.0"), await unknown(journal, "3.0")
    assert await journal.offers.take(id_, click.id, "U2")
    assert await journal.offers.take(id_, click.id, "U2")
    assert not await journal.offers.take(id_, late.id, "U3")
    found = await journal.offers.of(id_)
    assert found
    assert (found.click_id, found.taken_by) == (click.id, "U2")


async def test_what_a_click_used_up_is_found_by_it(journal: Journal) -> None:
    id_, click = await offer(journal), await unknown(journal, "2.0")
    assert await journal.offers.taken(click.id, "undo") is None
    await journal.offers.take(id_, click.id, "U2")
    found = await journal.offers.taken(click.id, "undo")
    assert found
    assert found.id == id_
    assert await journal.offers.taken(click.id, "propose") is None


async def test_a_proposal_is_the_first_clicks_and_counts_until_it_is_withdrawn(journal: Journal) -> None:
    id_, first, second = await offer(journal), await unknown(journal, "2.0"), await unknown(journal, "3.0")
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    await journal.proposals.claim(id_, first.id, "U1")
    made = await journal.proposals.claim(id_, second.id, "U2")
    assert (made.about, made.click_id, made.user_id, made.ts) == (id_, first.id, "U1", None)
    await journal.proposals.posted(id_, "9.9")
    assert (await journal.proposals.claim(id_, first.id, "U1")).ts == "9.9"
    assert len(await journal.proposals.by("U1", long_ago)) == 1
    await journal.proposals.withdraw(id_)
    assert await journal.proposals.of(id_) is None
    assert await journal.proposals.by("U1", long_ago) == []


async def test_the_freeze_of_all_comes_before_that_of_one(journal: Journal) -> None:
    await journal.freezes.put("equipe-rouge", "U1")
    assert await journal.freezes.on("equipe-bleue") is None
    await journal.freezes.put("", "U2")
    await journal.freezes.put("equipe-rouge", "U3")
    found = await journal.freezes.on("equipe-rouge")
    assert found
    assert found.user_id == "U2"
    assert len(await journal.freezes.all()) == 2


async def test_lifting_one_leaves_the_others_and_lifting_all_leaves_none(journal: Journal) -> None:
    for namespace in ("", "equipe-rouge", "equipe-bleue"):
        await journal.freezes.put(namespace, "U1")
    assert await journal.freezes.lift("equipe-rouge")
    assert not await journal.freezes.lift("equipe-rouge")
    assert [freeze.namespace for freeze in await journal.freezes.all()] == ["", "equipe-bleue"]
    assert await journal.freezes.lift("")
    assert await journal.freezes.all() == ()
