"""Many inputs at once, and many in a row."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Mode
from tests.databases import PostgreSQL
from tests.reliability.scene import Scene

pytestmark = pytest.mark.slow

A_SECOND = 200
SECONDS = float(os.environ.get("TIMONIER_TEST_LOAD_SECONDS", "3"))
AT_A_TIME = 100
INPUTS = int(os.environ.get("TIMONIER_TEST_INPUTS", "10000"))


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_two_hundred_inputs_a_second_are_all_acknowledged_and_answered_once(
    database_url: str, tmp_path: Path, mode: Mode, report: Callable[..., None]
) -> None:
    async with Scene.open(database_url, tmp_path) as scene:
        replica = scene.start(mode)
        await replica.ready()
        if mode == "http":
            scene.slack.request_url = f"http://127.0.0.1:{replica.port}/slack/events"
        await scene.people.type_for(SECONDS, A_SECOND)
        answered_after = await scene.people.until_answered(120)
        told = scene.people.told()
        report(seconds=SECONDS, all_answered_after=answered_after, told=told)
    assert (told.lost, told.doubled, told.ran_twice) == (0, 0, 0)


async def test_memory_open_files_and_tasks_stay_flat_over_many_inputs(
    tmp_path: Path, report: Callable[..., None]
) -> None:
    async with Scene.open(f"sqlite:///{tmp_path / 'journal.db'}", tmp_path) as scene:
        replica = scene.start()
        await replica.ready()
        await type_in_rounds(scene, INPUTS // 10)
        warm = replica.megabytes, replica.open_files, await replica.tasks()
        await type_in_rounds(scene, INPUTS)
        after = replica.megabytes, replica.open_files, await replica.tasks()
        report(inputs=scene.people.typed, megabytes_files_tasks=(warm, after))
        assert scene.people.told().lost == 0
    assert after[0] < warm[0] * 1.25
    assert after[1] <= warm[1] + 5
    assert after[2] <= warm[2] + 5


async def type_in_rounds(scene: Scene, until: int) -> None:
    while scene.people.typed < until:
        for _ in range(AT_A_TIME):
            scene.people.type_something()
        await scene.people.done_typing()
        await scene.people.until_answered(60)


async def test_a_rolling_update_of_two_replicas_loses_nothing_and_doubles_nothing(
    postgresql: PostgreSQL, tmp_path: Path, report: Callable[..., None]
) -> None:
    url = postgresql.create(tmp_path.name)
    async with Scene.open(url, tmp_path) as scene:
        old = [scene.start() for _ in range(2)]
        await asyncio.gather(*(replica.ready() for replica in old))
        typing = asyncio.create_task(scene.people.type_all_the_time(a_second=20))
        for replica in old:
            await scene.start().ready()
            assert await replica.terminate() == 0
        typing.cancel()
        await scene.people.done_typing()
        await scene.people.until_answered(60)
        told = scene.people.told()
        report(told=told)
    assert told.acknowledged == told.typed
    assert (told.lost, told.doubled, told.ran_twice) == (0, 0, 0)
