"""A class at work: replicas of the bot as processes, between a Slack and a cluster that remember everything."""

import asyncio
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from bot.playground.processes import free_ports, popen, tethered
from bot.settings import Mode
from tests.sandbox.fake_api import APPS, CORE, group, table
from tests.slack.conftest import MEMBERS
from tests.slack.fake_slack import SECRET, FakeSlack

REPOSITORY = Path(__file__).parents[2]
COURSE = {
    "namespaces": ["equipe-rouge", "equipe-bleue"],
    "trainers": {"users": ["U0TRAINER"], "channel": "C0TRAINERS"},
    "channels": {"C0COURS": {}, "C0ROUGE": {"namespace": "equipe-rouge"}, "C0BLEUE": {"namespace": "equipe-bleue"}},
}
START_SECONDS = 60.0
QUESTION = "comment lister les nœuds ?"


@dataclass
class Deployments:
    """An API server with any deployment that is asked for, of two replicas; ``writes``: how often each was scaled."""

    writes: Counter[str] = field(default_factory=Counter)
    replicas: dict[str, int] = field(default_factory=dict)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/api":
                return web.json_response({"items": [group("", CORE, "v1")]})
            case "/apis":
                return web.json_response({"items": [group("apps", APPS, "v1")]})
            case "/readyz":
                return web.Response(text="ok")
        _, _, rest = request.path.partition("/deployments/")
        name = rest.partition("/")[0]
        if not name:
            return web.json_response(table("web-1", "web-2"))
        if request.method == "PATCH" and request.query.get("dryRun") != "All":
            self.replicas[name] = (await request.json())["spec"]["replicas"]
            self.writes[name] += 1
        return web.json_response(self._deployment(name))

    def _deployment(self, name: str) -> dict[str, Any]:
        count = self.replicas.get(name, 2)
        counts = {"replicas": count, "readyReplicas": count, "observedGeneration": 1}
        metadata = {"name": name, "namespace": "equipe-rouge", "uid": f"uid-{name}", "generation": 1}
        return {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {**metadata, "resourceVersion": "1"},
            "spec": {"replicas": count},
            "status": counts,
        }

    @classmethod
    @asynccontextmanager
    async def serving(cls) -> AsyncIterator["Deployments"]:
        api, app = cls(), web.Application()
        app.router.add_route("*", "/{path:.*}", api.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield api
        finally:
            await runner.cleanup()


@dataclass
class Told:
    """What came of all that was typed: numbers of inputs."""

    typed: int
    acknowledged: int
    accepted: int
    lost: int
    doubled: int
    ran_twice: int
    unconfirmed: int
    slowest_ack: float


@dataclass
class Class:
    """People at their keyboards. Slack sends an event again that is not acknowledged, and never a command."""

    slack: FakeSlack
    api: Deployments
    accepted: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    typed: int = 0
    acknowledged: int = 0
    slowest_ack: float = 0.0
    _typing: set[asyncio.Task[None]] = field(default_factory=set)
    _replies: Counter[str] = field(default_factory=Counter)
    _read: int = 0

    def type_something(self) -> None:
        """A write, a read, a question, in turn."""
        self.typed += 1
        typing = (self._scale, self._get, self._ask)[self.typed % 3]
        task = asyncio.create_task(typing(f"{self.typed}"))
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)

    async def type_all_the_time(self, a_second: float) -> None:
        clock = asyncio.get_running_loop().time
        begun, before = clock(), self.typed
        while True:
            if not self.slack.connections and not self.slack.request_url:
                begun, before = clock(), self.typed
            while self.typed - before < (clock() - begun) * a_second - 1:
                self.type_something()
            await asyncio.sleep(0.01)

    async def type_for(self, seconds: float, a_second: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.type_all_the_time(a_second), seconds)
        await self.done_typing()

    async def done_typing(self) -> None:
        if self._typing:
            await asyncio.wait(self._typing)

    def unanswered(self) -> set[str]:
        """What was accepted, or run without having been confirmed."""
        run = {id_ for id_ in self.unconfirmed if f"web-{id_}" in self.api.writes}
        return (self.accepted | run) - self.replies().keys()

    async def until_answered(self, seconds: float) -> float:
        """Returns how many seconds it took; after so many ``told`` says what is lost."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        while self.unanswered() and clock() - begun < seconds:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return clock() - begun

    def told(self) -> Told:
        replies = self.replies()
        return Told(
            typed=self.typed,
            acknowledged=self.acknowledged,
            accepted=len(self.accepted),
            lost=len(self.unanswered()),
            doubled=sum(replies[id_] > 1 for id_ in self.accepted),
            ran_twice=sum(count > 1 for count in self.api.writes.values()),
            unconfirmed=len(self.unconfirmed),
            slowest_ack=round(self.slowest_ack, 3),
        )

    def replies(self) -> Counter[str]:
        """To commands by their response URL, to questions by their thread."""
        for call in self.slack.calls[self._read :]:
            if call.method in ("respond", "chat.postMessage"):
                self._replies[call.answer["id"] if call.method == "respond" else call.params["thread_ts"]] += 1
        self._read = len(self.slack.calls)
        return self._replies

    async def _scale(self, id_: str) -> None:
        await self._command(id_, f"scale deployment web-{id_} --replicas=3", "U0TRAINER")

    async def _get(self, id_: str) -> None:
        await self._command(id_, "get deployments", "U0ANNA")

    async def _command(self, id_: str, text: str, user: str) -> None:
        ack = await self._acknowledged(
            self.slack.command(text, user=user, response_url=f"{self.slack.url}/respond/{id_}")
        )
        if ack is not None:
            (self.unconfirmed if ack.get("text") else self.accepted).add(id_)

    async def _ask(self, id_: str) -> None:
        for _ in range(4):
            if await self._acknowledged(self.slack.mention(QUESTION, ts=f"{id_}.0")) is not None:
                self.accepted.add(f"{id_}.0")
                return
            await asyncio.sleep(1)

    async def _acknowledged(self, delivery: Any) -> dict[str, Any] | None:
        begun = asyncio.get_running_loop().time()
        try:
            ack: dict[str, Any] = await delivery
        except (TimeoutError, ConnectionError, IndexError, AssertionError):  # no socket, a dead one, or a 503
            return None
        self.acknowledged += 1
        self.slowest_ack = max(self.slowest_ack, asyncio.get_running_loop().time() - begun)
        return ack


@dataclass
class Scene:
    slack: FakeSlack
    api: Deployments
    database_url: str
    folder: Path
    people: Class
    _ended: ExitStack

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str, folder: Path) -> AsyncIterator["Scene"]:
        async with FakeSlack.open(members=MEMBERS, picks=True) as slack, Deployments.serving() as api:
            (folder / "config.yaml").write_text(yaml.safe_dump(COURSE))
            (folder / "kubeconfig").write_text(yaml.safe_dump(kubeconfig(api.url)))
            with ExitStack() as ended:
                yield cls(slack, api, database_url, folder, Class(slack, api), ended)

    def start(self, mode: Mode = "socket") -> "Replica":
        (port,) = free_ports(1)
        environment = {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_APP_TOKEN": "xapp-test",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "KUBECONFIG": str(self.folder / "kubeconfig"),
            "DATABASE_URL": self.database_url,
            "PORT": str(port),
            "TIMONIER_HOST": "127.0.0.1",
            "TIMONIER_CONFIG": str(self.folder / "config.yaml"),
        }
        log = self.folder / f"bot-{port}.log"
        with log.open("wb") as out:
            process = popen(
                tethered(sys.executable, "-m", "bot", "serve", "--mode", mode),
                stdout=out,
                env=environment,
                cwd=REPOSITORY,
            )
        replica = Replica(process, port, log)
        self._ended.callback(replica.kill)
        return replica

    async def connected(self, count: int = 1) -> None:
        async with asyncio.timeout(START_SECONDS):
            while self.slack.connections < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def kubeconfig(url: str) -> dict[str, Any]:
    return {
        "clusters": [{"name": "fake", "cluster": {"server": url}}],
        "users": [{"name": "bot", "user": {"token": "t0"}}],
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "bot"}}],
        "current-context": "fake",
    }


@dataclass(frozen=True, slots=True)
class Replica:
    process: "subprocess.Popen[str]"
    port: int
    log: Path

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def megabytes(self) -> float:
        """In memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    @property
    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    async def tasks(self) -> int:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/metrics") as answer:
            return int(float(re.search(r"^timonier_asyncio_tasks (\S+)", await answer.text(), re.M)[1]))  # type: ignore[index]

    async def ready(self) -> None:
        url = f"http://127.0.0.1:{self.port}/readyz"
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as session:
            while True:
                with suppress(aiohttp.ClientError):
                    async with session.get(url) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def terminate(self) -> int:
        """SIGTERM, as at the end of a pod; the exit status."""
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, 40)
