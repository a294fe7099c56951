"""What the API server says of itself: its types, their fields, its version. The same for everyone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.language import Text
from bot.sandbox import goyaml
from bot.sandbox.api import Refused
from bot.sandbox.commands import ApiResources, Explain, Version
from bot.sandbox.discovery import Resource
from bot.sandbox.errors import UsageError
from bot.sandbox.openapi import Manual, NoSuchField
from bot.sandbox.printing import print_typed
from bot.sandbox.session import Said, Session
from bot.sandbox.tabwriter import tabulate

TITLES = ("NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND")
WIDE_TITLES = ("VERBS", "CATEGORIES")

NO_FIELD = Text(
    "`{field}` n'est pas un champ de `{parent}`. Pour voir ses champs : `/k8s explain {parent}`.",
    "`{field}` is no field of `{parent}`. To see its fields: `/k8s explain {parent}`.",
)
NO_MANUAL = Text(
    "Le cluster ne documente pas `{kind}`. Regardez un de ses objets : `/k8s get {kind} -o yaml`.",
    "The cluster does not document `{kind}`. Look at one of its objects: `/k8s get {kind} -o yaml`.",
)


async def explain(session: Session, command: Explain) -> Said:
    """Raises UsageError, Unavailable."""
    resource, path = command.resource, command.path
    root = f"apis/{resource.kind.group}" if resource.kind.group else "api"
    unknown = f'error: couldn\'t find resource for "{resource.group_version_resource}"'
    try:
        document = await session.manuals(f"/openapi/v3/{root}/{resource.version}")
        told = Manual(document).explain(resource, path, recursive=command.words.switch("recursive"))
        return Said(told, session.catalog.warnings([command.words.args[0].partition(".")[0]]))
    except (Refused, LookupError) as error:
        raise UsageError(NO_MANUAL.format(kind=resource.kind.resource), unknown) from error
    except NoSuchField as error:
        parent = ".".join((resource.kind.resource, *path[:-1]))
        text = NO_FIELD.format(field=path[-1], parent=parent)
        return Said(error.printed, notes=(str(error),), remark=text, status=1)


def api_resources(session: Session, command: ApiResources) -> Said:
    resources = sorted(filter(command.wants, session.catalog.preferred()), key=ORDERS[command.sort_by])
    if command.output == "name":
        return Said("".join(f"{resource.kind}\n" for resource in resources))
    if command.output in ("yaml", "json"):
        return Said(print_list(resources, command.output))
    wide = command.output == "wide"
    lines = [row(resource, wide) for resource in resources]
    if not command.words.switch("no-headers"):
        lines.insert(0, (*TITLES, *(WIDE_TITLES if wide else ())))
    return Said(tabulate("".join("\t".join(line) + "\n" for line in lines)))


ORDERS: Mapping[str, Callable[[Resource], Any]] = {
    "": lambda resource: (resource.kind.group, resource.kind.resource),
    "name": lambda resource: resource.kind.resource,
    "kind": lambda resource: (resource.object_kind, resource.kind.resource),
}


def row(resource: Resource, wide: bool) -> tuple[str, ...]:
    about = (
        resource.kind.resource,
        ",".join(resource.short_names),
        resource.api_version,
        str(resource.namespaced).lower(),
        resource.object_kind,
    )
    return (*about, ",".join(resource.verbs), ",".join(resource.categories)) if wide else about


def print_list(resources: Sequence[Resource], output: str) -> str:
    found = [as_object(resource) for resource in resources] or None
    document = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": found}
    return goyaml.dump(document) if output == "yaml" else print_typed(document)


def as_object(resource: Resource) -> Mapping[str, object]:
    about = {
        "name": resource.kind.resource,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "group": resource.kind.group,
        "version": resource.version,
        "kind": resource.object_kind,
        "verbs": [*resource.verbs],
        "shortNames": [*resource.short_names],
        "categories": [*resource.categories],
    }
    return {key: value for key, value in about.items() if value or key == "namespaced"}


async def version(session: Session, _: Version) -> Said:
    """The server's alone: there is no client here."""
    found = await session.api.read_open("/version")
    return Said(f"Server Version: {found.get('gitVersion', '')}\n")
