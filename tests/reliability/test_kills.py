"""kill -9 at random moments under load: nothing that was accepted is lost, nothing runs twice."""

import asyncio
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.scene import Scene

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("TIMONIER_TEST_KILLS", "20"))
ANSWERED_SECONDS = 60.0


async def test_a_bot_that_is_killed_again_and_again_loses_nothing_and_runs_nothing_twice(
    database_url: str, tmp_path: Path, report: Callable[..., None]
) -> None:
    replicas = 2 if database_url.startswith("postgresql") else 1
    async with Scene.open(database_url, tmp_path) as scene:
        running = [scene.start() for _ in range(replicas)]
        await scene.connected(replicas)
        typing = asyncio.create_task(scene.people.type_all_the_time(a_second=15))
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.1, 1.5))
            killed = random.choice(running)
            killed.kill()
            running[running.index(killed)] = scene.start()
            await scene.connected(replicas)
        typing.cancel()
        await scene.people.done_typing()
        answered_after = await scene.people.until_answered(ANSWERED_SECONDS)
        told = scene.people.told()
        report(kills=KILLS, all_answered_after=answered_after, told=told)
    assert told.accepted > KILLS
    assert (told.lost, told.ran_twice) == (0, 0)
