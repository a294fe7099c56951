"""What may stand between the bot and the others: a network that fails, and a Slack that repeats itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.playground.localslack import LocalSlack


class Relay:
    """A TCP port before a server. ``lead_to`` another, ``slow`` or ``hold`` its answers, ``go_away``, ``come_back``."""

    def __init__(self, url: str) -> None:
        self._target = _address(url)
        self._answers = asyncio.Event()
        self._answers.set()
        self._delay = 0.0
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[Self]:
        relay = cls(url)
        await relay.come_back()
        try:
            yield relay
        finally:
            await relay.go_away()

    async def come_back(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        if self._server:
            self._server.close()
        await self._cut()

    async def lead_to(self, url: str) -> None:
        self._target = _address(url)
        await self._cut()

    def hold(self) -> None:
        """Requests still pass; their answers wait for ``release``."""
        self._answers.clear()

    def slow(self, seconds: float) -> None:
        """Each answer takes so long, so that a test can step in between two."""
        self._delay = seconds

    def release(self) -> None:
        self._delay = 0.0
        self._answers.set()

    async def _cut(self) -> None:
        connections = [*self._connections]
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers = requests = None
        try:
            answers, requests = await asyncio.open_connection(*self._target)
            await asyncio.gather(self._pass(reader, requests), self._pass(answers, writer, self._answers))
        except OSError:
            pass
        finally:
            for end in filter(None, (writer, requests)):
                end.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, when: asyncio.Event | None = None
    ) -> None:
        while data := await reader.read(65536):
            if when:
                await asyncio.sleep(self._delay)
                await when.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


class Stutter:
    """The local Slack, but each of its envelopes comes ``times`` times, as Slack's do when an ack was late."""

    def __init__(self, slack: LocalSlack, times: int, session: aiohttp.ClientSession) -> None:
        self._slack = slack
        self._times = times
        self._session = session
        self._sockets = set[web.WebSocketResponse]()
        self.api_url = ""

    @classmethod
    @asynccontextmanager
    async def open(cls, slack: LocalSlack, times: int) -> AsyncIterator[Self]:
        async with aiohttp.ClientSession(slack.url) as session:
            stutter = cls(slack, times, session)
            app = web.Application()
            app.router.add_route("*", "/api/{method}", stutter._api)
            app.router.add_get("/socket/{id}", stutter._socket)
            runner = web.AppRunner(app, shutdown_timeout=0)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            stutter.api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
            try:
                yield stutter
            finally:
                await asyncio.gather(*(socket.close() for socket in stutter._sockets))
                await runner.cleanup()

    async def _api(self, request: web.Request) -> web.Response:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        sent = await request.read()
        async with self._session.request(request.method, request.path_qs, data=sent, headers=headers) as answer:
            ours = urlsplit(self.api_url).netloc
            text = (await answer.text()).replace(f"ws://127.0.0.1:{self._slack.port}/", f"ws://{ours}/")
            return web.Response(text=text, status=answer.status, content_type=answer.content_type)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        bot = web.WebSocketResponse()
        await bot.prepare(request)
        self._sockets.add(bot)
        async with self._session.ws_connect(request.path_qs) as slack:
            acks = asyncio.create_task(_acknowledge(bot, slack))
            async for message in slack:
                for _ in range(self._times if '"envelope_id"' in message.data else 1):
                    await bot.send_str(message.data)
            acks.cancel()
        self._sockets.discard(bot)
        return bot


async def _acknowledge(bot: web.WebSocketResponse, slack: aiohttp.ClientWebSocketResponse) -> None:
    async for message in bot:
        with contextlib.suppress(ConnectionError):
            await slack.send_str(message.data)
    await slack.close()
