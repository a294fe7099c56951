"""The writes of the journal, on each of its databases."""

from datetime import UTC, datetime, timedelta, timezone

from bot.journal import Decision, Input, Journal, Pending
from tests.journal.test_offers import CHANGE, UNTIL

BEGINNINGS = ("kubectl scale ",)


async def command(journal: Journal, line: str, *, acts: bool, key: str = "") -> Pending:
    asked = Input(key or line, "command", "U1", "C1", None, line, {})
    pending = await journal.accept(asked)
    assert pending
    if acts:
        await journal.begin(pending, line, [])
    else:
        journal.understand(pending, line)
    return pending


async def test_they_are_what_acted_or_was_refused_to_act_newest_first(journal: Journal) -> None:
    done: list[tuple[str, bool, Decision]] = [
        ("kubectl get pods", False, "ran"),
        ("kubectl scale deployment web", True, "ran"),
        ("kubectl scale deployment api", False, "refused"),
        ("kubectl scale deployment all", False, "noted"),
        ("kubectl delete service/web", True, "failed"),
    ]
    for line, acts, decision in done:
        await journal.decide(await command(journal, line, acts=acts), decision, "ok")
    await command(journal, "kubectl scale deployment cut", acts=True)
    writes = await journal.writes.since(datetime.now(UTC) - timedelta(minutes=1), BEGINNINGS)
    assert [(write.line.split()[-1], write.decision) for write in writes] == [
        ("cut", ""),
        ("service/web", "failed"),
        ("api", "refused"),
        ("web", "ran"),
    ]


async def test_a_write_has_the_offer_that_it_left_and_the_one_that_it_used(journal: Journal) -> None:
    write = await command(journal, "kubectl scale deployment web", acts=True)
    id_ = await journal.offers.make("undo", write.id, "U1", "equipe-rouge", "…", "…", [CHANGE], UNTIL)
    undo = await command(journal, "kubectl scale deployment web", acts=True, key="click")
    await journal.offers.take(id_, undo.id, "U2")
    second, first = await journal.writes.since(datetime.now(UTC) - timedelta(minutes=1), BEGINNINGS)
    assert first.left
    assert (first.left.id, first.left.taken_by, first.used) == (id_, "U2", None)
    assert (second.left, second.used) == (None, first.left)


async def test_a_day_begins_where_one_is(journal: Journal) -> None:
    await command(journal, "kubectl scale deployment web", acts=True)
    for hours in (-12, 0, 14):
        now = datetime.now(timezone(timedelta(hours=hours)))
        assert len(await journal.writes.since(now - timedelta(minutes=1), BEGINNINGS)) == 1
        assert await journal.writes.since(now + timedelta(minutes=1), BEGINNINGS) == []
