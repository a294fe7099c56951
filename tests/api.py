"""Requests to the API server exactly as written: the bot's token, and the impersonation headers of whoever is meant."""

import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.playground.controlplane import Cluster
from bot.sandbox.table import Right

MERGE_PATCH = "application/merge-patch+json"
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
METHODS = {"create": "POST", "update": "PUT", "patch": "PATCH", "delete": "DELETE", "deletecollection": "DELETE"}
# Every authenticated user may ask what they themselves may do.
OF_EVERYONE = {
    Right("create", "authorization.k8s.io", "selfsubjectaccessreviews"),
    Right("create", "authorization.k8s.io", "selfsubjectrulesreviews"),
    Right("create", "authentication.k8s.io", "selfsubjectreviews"),
}

Headers = list[tuple[str, str]]


def acting_as(user: str, *groups: str, extra: str = "timonier.dev%2Fslack-user-id") -> Headers:
    """The headers of the bot when it acts for somebody."""
    named = [("Impersonate-Group", group) for group in groups]
    return [("Impersonate-User", user), *named, (f"Impersonate-Extra-{extra}", "U0SOMEBODY")]


TRAINER = acting_as("timonier:trainer", "timonier:trainers")


def student(team: str) -> Headers:
    return acting_as("timonier:student", f"timonier:students:{team}")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Mapping[str, object]

    @property
    def message(self) -> str:
        return str(self.body.get("message", ""))


@dataclass(frozen=True, slots=True)
class Cell:
    """A right, and how to ask for it: ``path`` has a place for the namespace where there is one."""

    right: Right
    path: str
    namespaced: bool


@dataclass(frozen=True, slots=True)
class Api:
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, headers: Headers | None = None, body: object = None) -> Answer:
        kind = MERGE_PATCH if method == "PATCH" else "application/json"
        sent = None if method == "GET" else json.dumps(body if body is not None else {})
        async with self.session.request(
            method, path, headers=[*(headers or []), ("Content-Type", kind)], data=sent
        ) as response:
            content = await response.read()
            is_json = response.content_type == "application/json"
            return Answer(response.status, json.loads(content) if is_json else {})

    async def cells(self) -> list[Cell]:
        """Every verb on every resource and subresource that this server has."""
        cells = []
        for root in ("/api", "/apis"):
            async with self.session.get(root, headers={"Accept": DISCOVERY}) as response:
                groups = (await response.json(content_type=None))["items"]
            for group in groups:
                version = group["versions"][0]
                name = group["metadata"].get("name", "")
                base = f"/apis/{name}/{version['version']}" if name else f"/api/{version['version']}"
                for resource in version["resources"]:
                    cells += _cells(name, base, resource)
        return [cell for cell in cells if cell.right not in OF_EVERYONE]

    async def allows(self, cell: Cell, namespace: str, headers: Headers | None) -> bool:
        """Whether RBAC let the request through; a write is a dry run."""
        method = METHODS.get(cell.right.verb, "GET")
        answer = await self.ask(method, cell.path.format(namespace=namespace), headers)
        assert answer.status not in (401, 429), answer.message
        return answer.status != 403


def _cells(group: str, base: str, resource: Mapping[str, Any]) -> list[Cell]:
    namespaced = resource.get("scope") == "Namespaced"
    where = f"{base}/namespaces/{{namespace}}" if namespaced else base
    plural = str(resource["resource"])
    cells = [
        Cell(Right(verb, group, plural), _path(f"{where}/{plural}", verb), namespaced) for verb in resource["verbs"]
    ]
    for sub in resource.get("subresources", ()):
        path = f"{where}/{plural}/nothing/{sub['subresource']}?dryRun=All"
        cells += [Cell(Right(verb, group, plural, sub["subresource"]), path, namespaced) for verb in sub["verbs"]]
    return cells


def _path(collection: str, verb: str) -> str:
    match verb:
        case "list":
            return collection
        case "watch":
            return f"{collection}?watch=1&timeoutSeconds=1"
        case "create" | "deletecollection":
            return f"{collection}?dryRun=All"
        case _:
            return f"{collection}/nothing?dryRun=All"


@asynccontextmanager
async def bot_api(cluster: Cluster) -> AsyncIterator[Api]:
    """The API server for the holder of the bot's token."""
    token = cluster.service_account_token("timonier", "timonier")
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=cluster.ca_file), limit=32)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(cluster.url, connector=connector, headers=headers) as session:
        yield Api(session)
