"""`events`: what happened lately, the newest last."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.language import Text
from bot.sandbox.ages import event_age, event_time
from bot.sandbox.api import Refused
from bot.sandbox.commands import Events
from bot.sandbox.session import Failure, Said, Session
from bot.sandbox.symptoms import in_events, learn
from bot.sandbox.table.kinds import EVENTS
from bot.sandbox.tabwriter import escape, tabulate

IGNORED = Text(
    "`events` ne tient pas compte de `{word}` : ce sont tous les événements. "
    "Pour un seul objet : `/k8s events --for deployment/demonstration`.",
    "`events` takes no notice of `{word}`: these are all events. "
    "About one object: `/k8s events --for deployment/demonstration`.",
)
TITLES = ("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE")

Event = Mapping[str, Any]


async def events(session: Session, command: Events) -> Said:
    """Raises NotAllowed before any call, Unavailable."""
    everywhere = command.words.switch("all-namespaces")
    if not everywhere:
        session.places.check(session.person, command, EVENTS, session.namespace)
    namespaces = session.places.where(session.person, command.verb, EVENTS) if everywhere else (session.namespace,)
    found = await asyncio.gather(*(find(session, command, namespace) for namespace in namespaces))
    failures = tuple(one for one in found if isinstance(one, Failure))
    shown = [event for one in found if not isinstance(one, Failure) for event in one if wanted(command, event)]
    notes = session.catalog.warnings([command.words.flags.get("for", "").partition("/")[0]])
    remark = IGNORED.format(word=" ".join(command.words.args)) if command.words.args else None
    if not shown:
        nothing = "No events found." if everywhere else f"No events found in {session.namespace} namespace."
        return Said(notes=notes if failures else (*notes, nothing), failures=failures, remark=remark)
    shown.sort(key=event_time)
    lines = [row(event, everywhere) for event in shown]
    if not command.words.switch("no-headers"):
        lines.insert(0, (*(("NAMESPACE",) if everywhere else ()), *TITLES))
    lesson = await learn(session, in_events(shown))
    stdout = tabulate("".join("\t".join(line) + "\n" for line in lines))
    return Said(stdout, notes, failures, remark, lesson=lesson)


async def find(session: Session, command: Events, namespace: str) -> Sequence[Event] | Failure:
    fields = ""
    if target := command.target:
        about = {
            "kind": target.resource.object_kind,
            "apiVersion": target.resource.api_version,
            "name": target.name,
        }
        fields = ",".join(f"involvedObject.{key}={value}" for key, value in about.items())
    try:
        return await session.list(session.resource(EVENTS), namespace, fields=fields)
    except Refused as error:
        return Failure(error, session.resource(EVENTS), namespace)


def wanted(command: Events, event: Event) -> bool:
    return not command.types or str(event.get("type", "")).lower() in command.types


def row(event: Event, with_namespace: bool) -> tuple[str, ...]:
    about = event.get("involvedObject") or {}
    place = (str(event["metadata"].get("namespace", "")),) if with_namespace else ()
    words = (event.get("type", ""), event.get("reason", ""), f"{about.get('kind', '')}/{about.get('name', '')}")
    return (*place, event_age(event), *map(escape, words), escape(str(event.get("message") or "").strip()))
