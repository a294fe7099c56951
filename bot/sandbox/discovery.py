"""The resource types that the API server has, and how kubectl finds one by what a person types."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.sandbox.table.rows import Kind


@dataclass(frozen=True, slots=True)
class Resource:
    """One type in one version. ``kind`` is how the table and RBAC name it, ``object_kind`` the objects' own word."""

    kind: Kind
    version: str
    object_kind: str
    singular: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.kind.group}/{self.version}" if self.kind.group else self.version

    @property
    def group_version_resource(self) -> str:
        """As Go prints it."""
        return f"{self.kind.group}/{self.version}, Resource={self.kind.resource}"

    @property
    def group_kind(self) -> str:
        """As Go prints it."""
        return ".".join(filter(None, (self.object_kind, self.kind.group)))

    @property
    def label(self) -> str:
        """kubectl's word in front of a name: `pod`, `deployment.apps`."""
        return ".".join(filter(None, (self.object_kind.lower(), self.kind.group)))

    def path(self, namespace: str | None, name: str = "", subresource: str = "") -> str:
        root = f"/apis/{self.kind.group}/{self.version}" if self.kind.group else f"/api/{self.version}"
        scope = f"/namespaces/{quote(namespace, safe='')}" if self.namespaced and namespace else ""
        parts = (self.kind.resource, quote(name, safe=""), subresource)
        return root + scope + "".join(f"/{part}" for part in parts if part)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All types, in kubectl's order of preference: core first, then the groups, the preferred version of each first."""

    resources: tuple[Resource, ...]

    def find(self, word: str) -> Resource | None:
        """`po`, `pods`, `Pod`, `deployments.apps`, `deployments.v1.apps`: the first match, None if there is none."""
        name, *rest = word.split(".")
        if len(rest) >= 2 and (found := self._match(name, ".".join(rest[1:]), rest[0])):
            return found
        return self._match(name, ".".join(rest), "")

    def matches(self, name: str) -> tuple[Resource, ...]:
        """All types of all groups that `name` (without a group) can mean, in order."""
        lower = name.lower()
        by_name = [r for r in self.resources if lower in (r.kind.resource, r.singular) or name == r.object_kind]
        return tuple(by_name or (r for r in self.resources if name in r.short_names))

    def warnings(self, words: Iterable[str]) -> tuple[str, ...]:
        """kubectl's, on the types that a short name could mean too, and does not."""
        return tuple(
            f'Warning: short name "{word}" could also match lower priority resource {kind}'
            for word in words
            for kind in [one.kind for one in self.preferred() if word in one.short_names][1:]
        )

    def preferred(self) -> tuple[Resource, ...]:
        """Each type once, in the version that the server prefers."""
        kinds: dict[Kind, Resource] = {}
        for resource in self.resources:
            if resource.verbs:
                kinds.setdefault(resource.kind, resource)
        return tuple(kinds.values())

    def category(self, word: str) -> tuple[Resource, ...]:
        """The types behind `all` and the like, one version of each."""
        kinds: dict[Kind, Resource] = {}
        for resource in self.resources:
            if word in resource.categories:
                kinds.setdefault(resource.kind, resource)
        return tuple(kinds.values())

    def names(self, kinds: Iterable[Kind]) -> tuple[str, ...]:
        """What people may type for these kinds."""
        wanted = set(kinds)
        return tuple(
            name
            for resource in self.resources
            if resource.kind in wanted
            for name in (resource.kind.resource, resource.singular, *resource.short_names)
        )

    def _match(self, name: str, group: str, version: str) -> Resource | None:
        within = [r for r in self._in_group(group) if version in ("", r.version)]
        lower = name.lower()
        by_name = (r for r in within if lower in (r.kind.resource, r.singular) or name == r.object_kind)
        # kubectl looks a short name's type up whatever its version.
        by_short_name = (r for r in self._in_group(group) if name in r.short_names)
        return next(by_name, None) or next(by_short_name, None)

    def _in_group(self, group: str) -> list[Resource]:
        """kubectl takes the start of a group for the group, unless there is one of that very name."""
        exact = [r for r in self.resources if r.kind.group == group]
        return exact if group and exact else [r for r in self.resources if r.kind.group.startswith(group)]


def read_catalog(*documents: Mapping[str, Any]) -> Catalog:
    """From aggregated discovery (APIGroupDiscoveryList) of `/api` and `/apis`, in that order."""
    return Catalog(tuple(resource for document in documents for resource in read_groups(document)))


def read_groups(document: Mapping[str, Any]) -> Iterator[Resource]:
    for group in document.get("items", ()):
        name = group.get("metadata", {}).get("name", "")
        for version in group.get("versions", ()):
            if version.get("freshness") != "Stale":
                yield from (read_resource(name, version["version"], found) for found in version.get("resources", ()))


def read_resource(group: str, version: str, found: Mapping[str, Any]) -> Resource:
    object_kind = found.get("responseKind", {}).get("kind", "")
    return Resource(
        kind=Kind(found["resource"], group),
        version=version,
        object_kind=object_kind,
        singular=found.get("singularResource") or object_kind.lower(),
        namespaced=found.get("scope") == "Namespaced",
        short_names=tuple(found.get("shortNames", ())),
        categories=tuple(found.get("categories", ())),
        verbs=tuple(found.get("verbs", ())),
    )
