"""Slack's Socket Mode: checked before it starts, watched while it runs."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.settings import SettingsError
from bot.slack.errors import REFUSED, error_of

log = logging.getLogger(__name__)

# Slack recycles connections and the client reconnects by itself; longer than this, only a restart helps.
_DEAD_SECONDS = 180
# A ping that is not answered in half of it ends the connection; as long is a pause between two tries.
_PING_SECONDS = 5.0
# A connection that answers pings may have lost its way inside Slack; a new one costs little.
_SILENT_SECONDS = 600.0
_CLOSE_SECONDS = 3.0


class Socket:
    """The state of the connection, as it is and not as it was meant to be."""

    routes = ()

    def __init__(self, handler: AsyncSocketModeHandler, silent_seconds: float) -> None:
        self._client = handler.client
        self._silent_seconds = silent_seconds
        self._last_connected = self._last_heard = time.monotonic()
        self._client.message_listeners.append(self._heard)
        self._handle = handler.handle
        self._client.socket_mode_request_listeners[:] = [self._acknowledge]
        self._unacknowledged = 0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, app: AsyncApp, app_token: str, ping_seconds: float = _PING_SECONDS, silent_seconds: float = _SILENT_SECONDS
    ) -> AsyncIterator["Socket"]:
        """Raises SettingsError for a token that Slack refuses: the client itself would retry it for ever."""
        web_client = AsyncWebClient(token=app_token, base_url=app.client.base_url)
        try:
            await web_client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            raise SettingsError.of("SLACK_APP_TOKEN", REFUSED.format(error=error_of(error)), "xapp-…") from error
        handler = AsyncSocketModeHandler(app, app_token, web_client=web_client, ping_interval=ping_seconds)
        socket = cls(handler, silent_seconds)
        watch = asyncio.create_task(socket._watch(ping_seconds))
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
            yield socket
        finally:
            watch.cancel()
            await socket._close()

    async def connected(self) -> bool:
        connected = bool(await self._client.is_connected())
        if connected:
            self._last_connected = time.monotonic()
        return connected

    async def alive(self) -> bool:
        return await self.connected() or time.monotonic() - self._last_connected < _DEAD_SECONDS

    async def _watch(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            if not await self.connected():
                # The client would try the same URL for ever, and each is good for one connection.
                self._client.wss_uri = None
            elif time.monotonic() - self._last_heard > self._silent_seconds:
                log.info("nothing was heard on the socket for long: a new one is opened")
                await self._client.connect_to_new_endpoint(force=True)

    async def _heard(self, _: object, message: Mapping[str, Any], raw: str | None) -> None:
        self._last_heard = time.monotonic()
        if message.get("type") == "hello":
            metrics.CONNECTIONS.inc()

    async def _acknowledge(self, client: Any, request: Any) -> None:
        self._unacknowledged += 1
        try:
            await self._handle(client, request)
        finally:
            self._unacknowledged -= 1

    async def _close(self) -> None:
        """What came is acknowledged first: Slack does not send a command twice.

        Without the ten seconds that a peer may take which does not answer any more.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                while self._unacknowledged or not self._client.message_queue.empty():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        closing = asyncio.ensure_future(self._client.close())  # type: ignore[no-untyped-call]
        await asyncio.wait({closing}, timeout=_CLOSE_SECONDS)
        if not closing.done():
            await self._client.aiohttp_client_session.close()
        with suppress(Exception):
            await closing
