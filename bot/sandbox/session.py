"""One person's reads in one namespace, and what a command has to say at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import Unavailable
from bot.language import Text
from bot.sandbox.access import Places
from bot.sandbox.api import JSON, TABLE, Answer, Api, Method, Refused
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.person import Person
from bot.sandbox.redaction import redact
from bot.sandbox.table.rows import Kind

CHUNK, MOST = 500, 5000  # kubectl's chunk; beyond the most, the count of the rest is told

NO_SUCH_TYPE = Text("Ce cluster n'a pas de `{kind}`.", "This cluster has no `{kind}`.")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that did not stop the rest. ``stderr`` is kubectl's line where it is not its usual one."""

    error: UsageError | Refused
    resource: Resource
    namespace: str | None = None
    stderr: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """``notes`` go to stderr and are no failures; ``remark`` explains what kubectl's words leave out."""

    stdout: str = ""
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    remark: Text | None = None
    status: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A whole list or table. ``left``: how many more there are than were fetched."""

    document: Mapping[str, Any]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """``namespace`` is the one that the command is about. All that is read is redacted."""

    api: Api
    places: Places
    catalog: Catalog
    person: Person
    namespace: str
    warnings: dict[str, None] = field(default_factory=dict)
    """Of the API server, each once."""

    def resource(self, kind: Kind) -> Resource:
        """Raises Unavailable where this server lacks it."""
        found = self.catalog.find(str(kind))
        if found is None:
            raise Unavailable(NO_SUCH_TYPE.format(kind=kind))
        return found

    def namespace_of(self, thing: Mapping[str, Any]) -> str:
        return str(thing["metadata"].get("namespace", self.namespace))

    async def send(self, namespace: str | None, method: Method, path: str, **how: Any) -> Answer:
        """A request for the person; its warnings are kept."""
        answer = await self.api.send(self.person, namespace, method, path, **how)
        self.warnings.update(dict.fromkeys(answer.warnings))
        return answer

    async def read(self, resource: Resource, namespace: str | None, name: str) -> dict[str, Any]:
        """Raises Refused, Unavailable."""
        answer = await self.send(namespace, "GET", resource.path(namespace, name))
        found: dict[str, Any] = redact(answer.object)
        return found

    async def list(
        self,
        resource: Resource,
        namespace: str | None,
        *,
        labels: str = "",
        fields: str = "",
        group: str | None = None,
    ) -> list[dict[str, Any]]:
        """The objects, up to MOST, with their kind. Raises Refused, Unavailable."""
        listed = await self.fetch(resource, namespace, labels=labels, fields=fields, group=group)
        kind = {"apiVersion": resource.api_version, "kind": resource.object_kind}
        return [redact({**kind, **item}) for item in listed.document["items"]]

    async def fetch(
        self,
        resource: Resource,
        namespace: str | None,
        *,
        labels: str = "",
        fields: str = "",
        group: str | None = None,
        query: Sequence[tuple[str, str]] = (),
        accept: str = JSON,
    ) -> Listed:
        """All chunks, up to MOST, as they are. ``group``: the namespace to act in, where it is another."""
        selectors = [pair for pair in (("labelSelector", labels), ("fieldSelector", fields)) if pair[1]]
        query = [("limit", str(CHUNK)), *query, *selectors]
        answer = await self._chunk(resource, namespace, group, query, accept)
        things = "rows" if accept == TABLE else "items"
        found = list(answer.object.get(things) or ())
        last = answer.object.get("metadata", {})
        while last.get("continue") and len(found) < MOST:
            more = await self._chunk(resource, namespace, group, [*query, ("continue", last["continue"])], accept)
            found += more.object.get(things) or ()
            last = more.object.get("metadata", {})
        left = int(last.get("remainingItemCount", 0)) if last.get("continue") else 0
        return Listed({**answer.object, things: found}, left)

    async def _chunk(
        self,
        resource: Resource,
        namespace: str | None,
        group: str | None,
        query: Sequence[tuple[str, str]],
        accept: str,
    ) -> Answer:
        acting_in, path = group or namespace, resource.path(namespace)
        return await self.send(acting_in, "GET", path, query=query, accept=accept)
