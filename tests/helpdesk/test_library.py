import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.helpdesk.library import Library, as_entry, as_yaml
from bot.journal import Input, Journal, TrainerEntry
from bot.knowledge import KnowledgeBase, load_entries
from tests.journal.test_journal import QUESTION

ENTRY = TrainerEntry(
    question_id=1,
    id="brancher-un-xyzzy-1",
    title="Brancher un xyzzy",
    wordings=("comment brancher mon xyzzy ?",),
    answer="Sur le plugh : jamais l'inverse. # ceci n'est pas un commentaire",
    commands=(("kubectl get plughs", "montre les plughs"),),
    author="U0TRAINER",
)
HOSTILE = TrainerEntry(
    question_id=2,
    id="entry-2",
    title="- *a: !!python/object/apply:os.system [true]",
    wordings=("yes", "&x ? |", "1", "émoji 🙂\u200b"),
    answer="---\n...\n\tx\x07 {{ }}",
    commands=(("echo 'a' > \"b\" # c", "no"),),
    author="U0TRAINER",
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture
async def journal(url: str) -> AsyncIterator[Journal]:
    async with Journal.open(url) as journal:
        await journal.accept(QUESTION)
        yield journal


@pytest.fixture
def shipped() -> KnowledgeBase:
    other = TrainerEntry(9, "shipped", "Réparer un plugh", ("réparer plugh",), "Avec un marteau.", (), "U1")
    return KnowledgeBase([as_entry(other)])


async def test_an_entry_answers_from_the_moment_it_is_saved(journal: Journal, shipped: KnowledgeBase) -> None:
    library = Library(shipped, journal.entries)
    assert await library.base() is shipped
    await journal.entries.save(ENTRY, 1)
    base = await library.base()
    assert base.answer("comment brancher mon xyzzy ?").entries[0] == ENTRY.id
    assert await library.base() is base


async def test_the_same_store_serves_every_replica(journal: Journal, url: str, shipped: KnowledgeBase) -> None:
    async with Journal.open(url) as other:
        library = Library(shipped, other.entries)
        await library.base()
        await journal.entries.save(ENTRY, 1)
        assert (await library.base()).show(ENTRY.id, "fr")


async def test_an_entry_of_the_store_overrides_none_of_the_shipped(journal: Journal) -> None:
    await journal.entries.save(ENTRY, 1)
    better = KnowledgeBase([as_entry(TrainerEntry(1, ENTRY.id, "Mieux dit", ("xyzzy",), "Mieux.", (), "U1"))])
    base = await Library(better, journal.entries).base()
    assert [entry.title.fr for entry in base.entries] == ["Mieux dit"]


async def test_many_questions_after_a_change_build_one_index(journal: Journal, shipped: KnowledgeBase) -> None:
    library = Library(shipped, journal.entries)
    await journal.entries.save(ENTRY, 1)
    bases = await asyncio.gather(*(library.base() for _ in range(20)))
    assert len(set(map(id, bases))) == 1


def test_what_is_exported_is_loaded_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "90-formateurs.yaml").write_text(as_yaml([ENTRY, HOSTILE]), encoding="utf-8")
    for written, loaded in zip([ENTRY, HOSTILE], load_entries(tmp_path), strict=True):
        assert (loaded.id, loaded.title.fr, loaded.answer.en) == (written.id, written.title, written.answer)
        assert set(written.wordings) <= set(loaded.questions["fr"])
        assert [(command.run, command.does.fr) for command in loaded.commands] == list(written.commands)


def test_the_command_line_writes_the_store_as_a_file_of_a_base(tmp_path: Path, url: str) -> None:
    out = tmp_path / "base" / "90-formateurs.yaml"
    out.parent.mkdir()
    assert "nothing is written" in export(url, "-o", str(out))
    assert not out.exists()
    asyncio.run(save(url))
    assert "1 entries" in export(url, "-o", str(out))
    assert [entry.id for entry in load_entries(out.parent)] == [ENTRY.id]


async def save(url: str) -> None:
    async with Journal.open(url) as journal:
        await journal.accept(Input("message:C1:1.0", "question", "U1", "C1", "1.0", "xyzzy ?", {}, "1.0"))
        await journal.entries.save(ENTRY, 1)


def export(url: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "bot", "knowledge", "export", *arguments]
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stderr
