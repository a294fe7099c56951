"""Slack's Socket Mode: checked before it starts, watched while it runs."""

import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.settings import SettingsError

log = logging.getLogger(__name__)

# Slack recycles connections and the client reconnects by itself; longer than this, only a restart helps.
_DEAD_SECONDS = 180


class Socket:
    """The state of the connection, as it is and not as it was meant to be."""

    routes = ()

    def __init__(self, handler: AsyncSocketModeHandler) -> None:
        self._handler = handler
        self._last_connected = time.monotonic()

    @classmethod
    @asynccontextmanager
    async def open(cls, app: AsyncApp, app_token: str) -> AsyncIterator["Socket"]:
        """Raises SettingsError for a token that Slack refuses: the client itself would retry it for ever."""
        web_client = AsyncWebClient(token=app_token, base_url=app.client.base_url)
        try:
            await web_client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            raise SettingsError(f"SLACK_APP_TOKEN: Slack refuses it ({error.response['error']})") from error
        handler = AsyncSocketModeHandler(app, app_token, web_client=web_client)
        handler.client.message_listeners.append(_count_connection)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
            yield cls(handler)
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def connected(self) -> bool:
        connected = bool(await self._handler.client.is_connected())
        if connected:
            self._last_connected = time.monotonic()
        return connected

    async def alive(self) -> bool:
        return await self.connected() or time.monotonic() - self._last_connected < _DEAD_SECONDS


async def _count_connection(_: object, message: Mapping[str, Any], raw: str | None) -> None:
    if message.get("type") == "hello":
        metrics.CONNECTIONS.inc()
