"""A small Slack: the Web API methods that the bot calls, Socket Mode, response URLs, and faults on demand."""

import asyncio
import itertools
import json
import random
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier

TEAM, APP, BOT = "T0COURS", "A0TIMONIER", "U0BOT"
SECRET = "0123456789abcdef0123456789abcdef"
ACK_SECONDS = 3.0
LOST = "lost"
"""A fault: Slack does it, and its answer never arrives."""


@dataclass
class Call:
    method: str
    params: dict[str, Any]
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def ts(self) -> str:
        """The message that this call wrote."""
        return str(self.params.get("ts") or self.answer["ts"])

    def buttons(self, action: str = "") -> list[dict[str, Any]]:
        """Those of its blocks, or of one action."""
        content = self.params.get("blocks") or self.params["view"]["blocks"]
        elements = [e for block in content for e in (*block.get("elements", ()), block.get("accessory", {}))]
        return [e for e in elements if e.get("type") == "button" and e["action_id"].startswith(action)]

    def button(self, action: str) -> dict[str, Any]:
        [button] = self.buttons(action)
        return button

    @property
    def text(self) -> str:
        """All that a person would read: the blocks' texts, or the text where there are none."""
        return "\n".join(_texts(self.params.get("blocks"))) or str(self.params.get("text"))


@dataclass
class FakeSlack:
    """``faults``: per method, answers to give before the real one: an HTTP status, an error's name, or LOST.

    ``threads``: what ``conversations.replies`` knows, by channel and thread, beside what the bot posted.
    ``busy``: channels that take no message, with the seconds of Retry-After. ``request_url``: where it calls the app
    in HTTP mode. ``times``: how often it delivers; ``picks``: to one socket alone, as Slack does. ``dead_urls``: so
    many sockets cannot be opened; ``silent``: those opened now answer nothing. ``scopes``: of the bot token; ``late``:
    seconds that its clock is behind; ``channels``: what is not as usual about them.
    """

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    user_groups: dict[str, list[str]] = field(default_factory=dict)
    threads: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    busy: dict[str, int] = field(default_factory=dict)
    faults: dict[str, deque[int | str]] = field(default_factory=lambda: defaultdict(deque))
    scopes: str = ""
    late: int = 0
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""
    request_url: str = ""
    times: int = 1
    picks: bool = False
    dead_urls: int = 0
    silent: bool = False

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._changed = asyncio.Condition()
        self._acks: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._channels: dict[str, str] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, **known: Any) -> AsyncIterator["FakeSlack"]:
        slack = cls(**known)
        app = web.Application()
        app.router.add_route("*", "/api/{method}", slack._api)
        app.router.add_post("/respond/{id}", slack._response_url)
        app.router.add_post("/upload", slack._upload)
        app.router.add_get("/socket/{ticket}", slack._socket_mode)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield slack
        finally:
            await runner.cleanup()

    async def connected(self, count: int = 1) -> None:
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self._sockets) >= count)

    # What people do.

    async def mention(self, text: str, user: str = "U0ANNA", channel: str = "C0COURS", **event: Any) -> dict[str, Any]:
        return await self.event("app_mention", text=f"<@{BOT}> {text}", user=user, channel=channel, **event)

    async def direct_message(self, text: str, user: str = "U0ANNA", **event: Any) -> dict[str, Any]:
        return await self.event("message", text=text, user=user, channel="D0ANNA", channel_type="im", **event)

    async def event(self, type_: str, **event: Any) -> dict[str, Any]:
        ts = event.setdefault("ts", self.new_ts())
        body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{ts}", "event": {"type": type_, **event}}
        return await self.deliver("events_api", body)

    async def command(self, text: str, user: str = "U0ANNA", channel: str = "C0ROUGE", **extra: Any) -> dict[str, Any]:
        body = {
            "command": "/k8s",
            "text": text,
            "user_id": user,
            "channel_id": channel,
            "team_id": TEAM,
            "trigger_id": f"trigger-{next(self._ids)}",
            "response_url": f"{self.url}/respond/{next(self._ids)}",
            **extra,
        }
        self._channels[body["response_url"].rpartition("/")[2]] = channel
        return await self.deliver("slash_commands", body)

    async def edit(
        self, ts: str, text: str, user: str = "U0ANNA", channel: str = "D0ANNA", before: str = ""
    ) -> dict[str, Any]:
        now = self.new_ts()
        message = {"type": "message", "user": user, "ts": ts, "text": text, "edited": {"user": user, "ts": now}}
        previous = {"type": "message", "user": user, "ts": ts, "text": before}
        return await self.event(
            "message", subtype="message_changed", channel=channel, ts=now, message=message, previous_message=previous
        )

    async def click(
        self, button: dict[str, Any], message: Call, user: str = "U0ANNA", channel: str = "C0ROUGE", **extra: Any
    ) -> dict[str, Any]:
        """On a button of a message, or of the Home, which is nobody's message. ``channel``: where a command's reply is.

        A message for one person's eyes is not sent along.
        """
        where: dict[str, Any] = {"container": {"type": "view"}}
        if message.method != "views.publish":
            ts, thread_ts = message.ts, message.params.get("thread_ts")
            thread = {"thread_ts": thread_ts} if thread_ts else {}
            private = message.method == "chat.postEphemeral" or message.params.get("response_type") == "ephemeral"
            where = {
                "channel": {"id": message.params.get("channel", channel)},
                "container": {"type": "message", "message_ts": ts, "is_ephemeral": private, **thread},
                "response_url": f"{self.url}/respond/{next(self._ids)}",
                **({} if private else {"message": {"ts": ts, **thread}}),
            }
        body = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": user},
            "trigger_id": f"trigger-{next(self._ids)}",
            "actions": [{"type": "button", "action_id": button["action_id"], "value": button["value"]}],
            **where,
            **extra,
        }
        return await self.deliver("interactive", body)

    async def submit(self, form: Call, user: str = "U0TRAINER", **typed: str) -> dict[str, Any]:
        """Sends a form as it is shown, with what was typed over what it held."""
        view = form.params["view"]
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: {
                    "type": block["element"]["type"],
                    "value": typed.get(block["block_id"], block["element"].get("initial_value")),
                }
            }
            for block in view["blocks"]
            if block["type"] == "input"
        }
        sent = {**view, "id": form.params["view_id"], "hash": f"hash-{next(self._ids)}", "state": {"values": values}}
        body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": user}, "view": sent}
        return await self.deliver("interactive", body)

    async def deliver(self, type_: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Sends an envelope, ``times`` to each socket, and returns its last ack.

        TimeoutError when there is none in Slack's 3 seconds.
        """
        if self.request_url:
            return await self._request(type_, payload)
        sockets = [random.choice(self._sockets)] if self.picks else self._sockets
        acks = [await self._send(socket, type_, payload) for socket in sockets for _ in range(self.times)]
        return dict((await asyncio.wait_for(asyncio.gather(*acks), ACK_SECONDS))[-1])

    async def _send(self, socket: web.WebSocketResponse, type_: str, payload: dict[str, Any]) -> asyncio.Future[Any]:
        envelope_id = f"envelope-{next(self._ids)}"
        ack = self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        await socket.send_json({"type": type_, "envelope_id": envelope_id, "payload": payload})
        return ack

    async def _request(self, type_: str, payload: dict[str, Any]) -> dict[str, Any]:
        match type_:
            case "events_api":
                raw, content_type = json.dumps(payload), "application/json"
            case "slash_commands":
                raw, content_type = urlencode(payload), "application/x-www-form-urlencoded"
            case _:
                raw, content_type = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        status, answer = await self.post_signed(raw, content_type)
        assert status == 200, answer
        return dict(json.loads(answer)) if answer else {}

    async def post_signed(self, raw: str, content_type: str, *, age: int = 0, secret: str = SECRET) -> tuple[int, str]:
        """What Slack sends, signed ``age`` seconds ago; status and body of the answer."""
        timestamp = str(int(time.time()) - age)
        signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=raw)
        signed = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature)}
        timeout = aiohttp.ClientTimeout(total=ACK_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(
                self.request_url, data=BytesIO(raw.encode()), headers={**signed, "Content-Type": content_type}
            ) as answer,
        ):
            return answer.status, await answer.text()

    async def refresh(self) -> None:
        """Asks for another connection, as Slack does now and then, and ends this one."""
        for socket in [*self._sockets]:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    @property
    def connections(self) -> int:
        return len(self._sockets)

    def cut(self) -> None:
        """The connections are gone, without a word."""
        for socket in self._sockets:
            assert socket._req is not None
            assert socket._req.transport is not None
            socket._req.transport.abort()

    def new_ts(self) -> str:
        return f"1700000000.{next(self._ids):06d}"

    # What the bot did.

    async def wait_for(self, method: str, count: int = 1) -> Call:
        """The ``count``-th call of a method, as soon as it is there."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.called(method)) >= count)
        return self.called(method)[count - 1]

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def _record(self, method: str, params: dict[str, Any], answer: dict[str, Any] | None = None) -> None:
        async with self._changed:
            self.calls.append(Call(method, params, answer or {}))
            self._changed.notify_all()

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = await _params(request)
        if method == "chat.postMessage" and (seconds := self.busy.get(params["channel"])) is not None:
            return web.Response(status=429, headers={"Retry-After": str(seconds)})
        fault = self.faults[method].popleft() if self.faults[method] else None
        if isinstance(fault, int):
            return web.Response(status=fault, headers={"Retry-After": "0"})
        if fault not in (None, LOST):
            return web.json_response({"ok": False, "error": fault})
        answer = self._answer(method, params)
        await self._record(method, params, answer)
        if fault == LOST and request.transport:
            request.transport.abort()
        date = formatdate(time.time() - self.late, usegmt=True)
        return web.json_response({"ok": True, **answer}, headers={"Date": date, "x-oauth-scopes": self.scopes})

    def _answer(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"user_id": BOT, "bot_id": "B0BOT", "team_id": TEAM, "user": "timonier", "url": self.url}
            case "apps.connections.open":
                ticket = f"ticket-{next(self._ids)}"
                self._tickets.add(ticket)
                return {"url": f"{self.url.replace('http', 'ws')}/socket/{ticket}"}
            case "bots.info":
                return {"bot": {"id": params["bot"], "app_id": APP}}
            case "conversations.info":
                return {"channel": {"name": "cours", "is_member": True, **self.channels.get(params["channel"], {})}}
            case "users.info":
                user = self.users.get(params["user"], {})
                return {"user": {"id": params["user"], "team_id": TEAM, "locale": "fr-FR", **user}}
            case "conversations.members":
                return {"members": self.members.get(params["channel"], [])}
            case "usergroups.users.list":
                return {"users": self.user_groups.get(params["usergroup"], [])}
            case "conversations.replies":
                known = self.threads.get((params["channel"], params["ts"]), [])
                return {"messages": known + self._posted(params["channel"], params["ts"])}
            case "conversations.history":
                return {"messages": self._posted(params["channel"], None)[-int(params["limit"]) :]}
            case "chat.getPermalink":
                return {"permalink": f"https://cours.slack.example/{params['channel']}/{params['message_ts']}"}
            case "views.open":
                return {"view": {"id": f"V{next(self._ids)}"}}
            case "conversations.open":
                return {"channel": {"id": "D0ANNA"}}
            case "files.getUploadURLExternal":
                return {"upload_url": f"{self.url}/upload", "file_id": "F1"}
            case "files.completeUploadExternal":
                return {"files": [{"id": "F1"}]}
        return {"ts": self.new_ts(), "channel": params.get("channel")}

    def _posted(self, channel: str, thread_ts: str | None) -> list[dict[str, Any]]:
        """The bot's messages for all to see."""
        return [
            {"ts": call.ts, "user": BOT, "text": call.params["text"], "blocks": call.params["blocks"]}
            for call in self.calls
            if call.params.get("thread_ts") == thread_ts and self._channel_of(call) == channel
        ]

    def _channel_of(self, call: Call) -> str | None:
        if call.method == "respond" and call.params.get("response_type") == "in_channel":
            return self._channels.get(call.answer["id"])
        return call.params["channel"] if call.method == "chat.postMessage" else None

    async def _response_url(self, request: web.Request) -> web.Response:
        if self.faults["respond"]:
            return web.Response(status=int(self.faults["respond"].popleft()))
        await self._record("respond", await request.json(), {"ts": self.new_ts(), "id": request.match_info["id"]})
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        await self._record("upload", {"content": (await request.read()).decode()})
        return web.Response(text="OK")

    async def _socket_mode(self, request: web.Request) -> web.WebSocketResponse:
        """Each URL is good for one connection."""
        if self.dead_urls or request.match_info["ticket"] not in self._tickets:
            self.dead_urls = max(0, self.dead_urls - 1)
            self._tickets.discard(request.match_info["ticket"])
            raise web.HTTPNotFound
        self._tickets.remove(request.match_info["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.silent:
            await asyncio.sleep(3600)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async with self._changed:
            self._changed.notify_all()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                future = self._acks.pop(ack["envelope_id"], None)
                if future and not future.done():
                    future.set_result(ack.get("payload") or {})
        self._sockets.remove(socket)
        return socket


async def _params(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        return dict(request.query)
    body = await request.text()
    if request.content_type == "application/json":
        return dict(json.loads(body))
    params: dict[str, Any] = dict(parse_qsl(body, keep_blank_values=True))
    return {name: json.loads(value) if name in ("blocks", "view") else value for name, value in params.items()}


def _texts(blocks: Any) -> list[str]:
    if isinstance(blocks, list):
        return [text for block in blocks for text in _texts(block)]
    if not isinstance(blocks, dict):
        return []
    if isinstance(blocks.get("text"), str):
        return [blocks["text"]]
    return [text for part in ("text", "elements", "fields") for text in _texts(blocks.get(part))]
