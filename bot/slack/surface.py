"""The Slack side put together: one Web API client, one Bolt app, one transport."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.findings import reason
from bot.helpdesk import Helpdesk
from bot.journal import Journal
from bot.settings import Settings, SettingsError
from bot.slack.errors import REFUSED, error_of
from bot.slack.http import Requests
from bot.slack.identity import Identity
from bot.slack.listeners import KEEP_SECONDS, Listeners
from bot.slack.replies import Replies
from bot.slack.socket import Socket

log = logging.getLogger(__name__)

_CALL_SECONDS = 10
_DRAIN_SECONDS = 20


class Surface:
    """``routes``: where Slack calls, in HTTP mode."""

    def __init__(self, transport: Socket | Requests) -> None:
        self._transport = transport
        self.routes: Sequence[web.RouteDef] = transport.routes

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: Settings, helpdesk: Helpdesk, journal: Journal, keep_seconds: float = KEEP_SECONDS
    ) -> AsyncIterator["Surface"]:
        """Connected, and finishing what a stop left; at the end a socket closes first, then the work under way ends.

        ``keep_seconds``: after them an input that is not yet in the journal is told to be unconfirmed.

        Raises SettingsError for a token that Slack refuses.
        """
        # The session's own limit: the client's counts for nothing where it is given a session.
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_CALL_SECONDS)) as session:
            client = _client(settings, session, AsyncRateLimitErrorRetryHandler(max_retry_count=2))
            authorized = await _authorize(client)
            identity = Identity(client, str(authorized.team_id), settings.course, journal.language_of)
            replies = Replies(_client(settings, session), session)
            listeners = Listeners(
                helpdesk, journal, identity, replies, client, str(authorized.bot_user_id), keep_seconds
            )
            app = _bolt(client, authorized)
            listeners.register(app)
            async with listeners.working(_DRAIN_SECONDS), _transport(app, settings) as transport:
                yield cls(transport)

    async def connected(self) -> bool:
        return await self._transport.connected()

    async def alive(self) -> bool:
        return await self._transport.alive()


def _transport(app: AsyncApp, settings: Settings) -> AbstractAsyncContextManager[Socket | Requests]:
    if settings.mode == "http":
        return nullcontext(Requests(app, settings.signing_secret))
    return Socket.open(app, settings.app_token)


def _client(settings: Settings, session: aiohttp.ClientSession, *retries: AsyncRetryHandler) -> AsyncWebClient:
    """The default would also repeat lost connections, and so post a message twice. A 429 was not processed."""
    return AsyncWebClient(
        token=settings.bot_token, base_url=settings.slack_api_url, session=session, retry_handlers=list(retries)
    )


async def _authorize(client: AsyncWebClient) -> AuthorizeResult:
    """Who we are, asked once; waits for a Slack that does not answer yet."""
    told = False
    while True:
        try:
            return AuthorizeResult.from_auth_test_response(
                bot_token=client.token, auth_test_response=await client.auth_test()
            )
        except SlackApiError as error:
            if code := error_of(error):
                raise SettingsError.of("SLACK_BOT_TOKEN", REFUSED.format(error=code), "xoxb-…") from error
            why = "an answer that is not Slack's"
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            why = reason(error)
        if not told:
            log.warning("SLACK_API_URL: %s: %s; it is tried again each second", client.base_url, why)
        told = True
        await asyncio.sleep(1)


def _bolt(client: AsyncWebClient, authorized: AuthorizeResult) -> AsyncApp:
    async def authorize(**_: Any) -> AuthorizeResult:
        return authorized

    return AsyncApp(client=client, authorize=authorize, attaching_conversation_kwargs_enabled=False)
