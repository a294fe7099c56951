"""One person's reads in one namespace, and what a command has to say at its end."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.errors import Unavailable
from bot.language import Text
from bot.sandbox.access import Places
from bot.sandbox.api import JSON, TABLE, Answer, Api, Method, Refused
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.errors import PatchError, UsageError
from bot.sandbox.person import Person
from bot.sandbox.redaction import redact
from bot.sandbox.result import Lesson
from bot.sandbox.table.rows import Kind

PREFIX = "error: "
CHUNK, MOST = 500, 5000  # kubectl's chunk; beyond the most, the count of the rest is told

NO_SUCH_TYPE = Text("Ce cluster n'a pas de `{kind}`.", "This cluster has no `{kind}`.")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that did not stop the rest. ``stderr`` is kubectl's line where it is not its usual one."""

    error: UsageError | Refused
    resource: Resource
    namespace: str | None = None
    stderr: str = ""


def bare(failures: Sequence[Failure]) -> tuple[Failure, ...]:
    """kubectl says `error: ` before an error that stands alone; before others only where that is its own word."""

    def without(failure: Failure) -> Failure:
        line = failure.stderr or (failure.error.stderr if isinstance(failure.error, UsageError) else "")
        return replace(failure, stderr=line.removeprefix(PREFIX))

    return tuple(one if len(failures) == 1 or isinstance(one.error, PatchError) else without(one) for one in failures)


@dataclass(frozen=True, slots=True)
class Said:
    """``notes`` go to stderr and are no failures; ``remark`` explains what kubectl's words leave out.

    ``lesson``: of a failure of what was shown.
    """

    stdout: str = ""
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    remark: Text | None = None
    status: int = 0
    left: int = 0
    lesson: Lesson | None = None


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
    manuals: Callable[[str], Awaitable[Mapping[str, Any]]]
    """The OpenAPI document at a path, kept for a while."""
    whole: bool = True
    """Whether long tables are wanted to their end."""
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
        self, resource: Resource, namespace: str | None, *, labels: str = "", fields: str = "", only: str = ""
    ) -> list[dict[str, Any]]:
        """The objects, up to MOST, with their kind. Raises Refused, Unavailable."""
        listed = await self.fetch(resource, namespace, labels=labels, fields=fields, only=only)
        kind = {"apiVersion": resource.api_version, "kind": resource.object_kind}
        return [redact({**kind, **item}) for item in listed.document["items"]]

    async def fetch(
        self,
        resource: Resource,
        namespace: str | None,
        *,
        labels: str = "",
        fields: str = "",
        only: str = "",
        query: Sequence[tuple[str, str]] = (),
        accept: str = JSON,
        most: int = MOST,
    ) -> Listed:
        """All chunks, up to ``most``, as they are. ``only``: the one namespace that a list of namespaces may hold."""
        named = ",".join(filter(None, (f"metadata.name={only}" if only else "", fields)))
        selectors = [pair for pair in (("labelSelector", labels), ("fieldSelector", named)) if pair[1]]
        query = [("limit", str(CHUNK)), *query, *selectors]
        path, things = resource.path(namespace), "rows" if accept == TABLE else "items"
        try:
            chunk = (await self.send(only or namespace, "GET", path, query=query, accept=accept)).object
            document, found = chunk, list(chunk.get(things) or ())
            while (following := next_of(chunk)) and len(found) < most:
                after = [*query, ("continue", following)]
                chunk = (await self.send(only or namespace, "GET", path, query=after, accept=accept)).object
                found += chunk.get(things) or ()
        except Refused as error:
            raise of_list(error, resource, labels, fields) from error
        left = int(chunk["metadata"].get("remainingItemCount", 0)) if next_of(chunk) else 0
        return Listed({**document, things: found}, left)


def next_of(chunk: Mapping[str, Any]) -> str:
    """Where the next chunk begins, "" after the last."""
    return str((chunk.get("metadata") or {}).get("continue", ""))


def of_list(error: Refused, resource: Resource, labels: str, fields: str) -> Refused:
    """kubectl says which list it was."""
    if error.reason not in ("BadRequest", "NotFound"):
        return error
    what = f'"{resource.group_version_resource}"'
    if labels or fields:
        selectors = (json.dumps(text, ensure_ascii=False) for text in (labels, fields))
        start = "Unable to find {} that match label selector {}, field selector {}".format(what, *selectors)
    else:
        start = f"Unable to list {what}"
    return Refused({**error.status, "message": f"{start}: {error}"})
