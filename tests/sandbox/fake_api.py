"""A small API server for what a real one does not do on demand: faults, huge lists, new types."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COLUMNS = [{"name": "Name", "type": "string", "format": "name"}, {"name": "Age", "type": "string"}]


def resource(plural: str, kind: str, *short: str, namespaced: bool = True, categories: tuple[str, ...] = ()) -> Any:
    return {
        "resource": plural,
        "responseKind": {"kind": kind},
        "scope": "Namespaced" if namespaced else "Cluster",
        "singularResource": kind.lower(),
        "shortNames": list(short),
        "categories": list(categories),
        "verbs": ["get", "list"],
    }


CORE = [
    resource("pods", "Pod", "po", categories=("all",)),
    resource("services", "Service", "svc", categories=("all",)),
    resource("configmaps", "ConfigMap", "cm"),
    resource("secrets", "Secret", categories=("all",)),
    resource("events", "Event", "ev"),
    resource("namespaces", "Namespace", "ns", namespaced=False),
    resource("nodes", "Node", "no", namespaced=False),
]
APPS = [
    resource("deployments", "Deployment", "deploy", categories=("all",)),
    resource("replicasets", "ReplicaSet", "rs", categories=("all",)),
]
EVENTS = [resource("events", "Event", "ev")]


def group(name: str, resources: list[Any], *versions: str) -> Any:
    return {"metadata": {"name": name}, "versions": [{"version": v, "resources": resources} for v in versions]}


@dataclass
class FakeApi:
    """``answers``: path → what to answer instead of ``otherwise``; ``requests``: all that came, in order."""

    url: str = ""
    requests: list[web.Request] = field(default_factory=list)
    answers: dict[str, Handler] = field(default_factory=dict)
    core: list[Any] = field(default_factory=lambda: [*CORE])
    groups: list[Any] = field(default_factory=lambda: [group("apps", APPS, "v1"), group("events.k8s.io", EVENTS, "v1")])
    connections: set[Any] = field(default_factory=set)
    otherwise: Handler | None = None
    """None: an empty table."""

    @property
    def paths(self) -> list[str]:
        """Of everything but discovery."""
        return [request.path for request in self.requests if request.path not in ("/api", "/apis")]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.connections.add(request.transport)
        if answer := self.answers.get(request.path):
            return await answer(request)
        if request.path == "/api":
            return web.json_response({"items": [group("", self.core, "v1")]})
        if request.path == "/apis":
            return web.json_response({"items": self.groups})
        return await self.otherwise(request) if self.otherwise else web.json_response(table())

    def kubeconfig(self, folder: Path, **user: str) -> Path:
        path = folder / "kubeconfig"
        config = {
            "clusters": [{"name": "fake", "cluster": {"server": self.url}}],
            "users": [{"name": "bot", "user": user or {"token": "t0"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "bot"}}],
            "current-context": "fake",
        }
        path.write_text(yaml.safe_dump(config))
        return path


@asynccontextmanager
async def fake_api() -> AsyncIterator[FakeApi]:
    fake = FakeApi()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()


def table(*names: str, continued: str = "", left: int = 0) -> dict[str, Any]:
    rows = [
        {"cells": [name, "5s"], "object": {"metadata": {"name": name, "namespace": "equipe-rouge"}}} for name in names
    ]
    metadata: dict[str, Any] = {"continue": continued, "remainingItemCount": left} if continued else {}
    return {"kind": "Table", "metadata": metadata, "columnDefinitions": COLUMNS, "rows": rows}


def status(code: int, reason: str, message: str, **details: object) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        body = {
            "kind": "Status",
            "status": "Failure",
            "code": code,
            "reason": reason,
            "message": message,
            "details": details,
        }
        return web.json_response(body, status=code)

    return answer


def html(code: int) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="<html>Bad gateway</html>", content_type="text/html", status=code)

    return answer


def json_of(document: object, **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(document, headers=headers)

    return answer


async def cut(request: web.Request) -> web.Response:
    """The connection breaks after the request was read."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def hang(_: web.Request) -> web.Response:
    await asyncio.sleep(3600)
    return web.Response()
