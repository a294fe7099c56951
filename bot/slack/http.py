"""Slack's HTTP requests: verified and read here, then handed to Bolt as the socket hands over its envelopes.

Bolt's own reading gives an empty body for every form that holds the word "payload", such as `/k8s get payload`.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

log = logging.getLogger(__name__)

PATH = "/slack/events"
_RETRIES = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")


class Requests:
    """A transport without a connection of its own: Slack calls."""

    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self.routes: tuple[web.RouteDef, ...] = (web.post(PATH, self._receive),)

    async def connected(self) -> bool:
        return True

    async def alive(self) -> bool:
        return True

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        """401 for what Slack did not sign in the last 5 minutes, 413 for what is too long, 400 for no object."""
        raw = await request.read()
        if not self._is_signed(raw, request.headers):
            log.warning("a request to %s was not signed by Slack", PATH)
            return web.Response(status=401)
        body = read_body(raw, request.content_type)
        if body is None:
            return web.Response(status=400)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": body.get("challenge")})
        if body.get("ssl_check"):
            return web.Response()
        retries: dict[str, str | Sequence[str]] = {
            name: request.headers[name] for name in _RETRIES if name in request.headers
        }
        answer = await self._app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body, headers=retries))
        return await to_aiohttp_response(answer)

    def _is_signed(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        timestamp, signature = (headers.get(f"X-Slack-{name}", "") for name in ("Request-Timestamp", "Signature"))
        return timestamp.isascii() and timestamp.isdigit() and self._verifier.is_valid(raw, timestamp, signature)


def read_body(raw: bytes, content_type: str) -> dict[str, Any] | None:
    """An event is JSON, a command a form, a click or a form of ours JSON in a form's `payload`; None for another."""
    try:
        if content_type == "application/json":
            body = json.loads(raw)
        else:
            form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
            body = json.loads(form["payload"]) if "command" not in form and "payload" in form else form
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
