"""`can`: what a person may do in a namespace, from the table and the live API server, and what is left of the quota."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.language import LANGS, Lang, Text
from bot.sandbox.access import who
from bot.sandbox.api import Refused
from bot.sandbox.commands import Can
from bot.sandbox.quantity import Quantity, read_quantity
from bot.sandbox.reviews import Powers, powers
from bot.sandbox.session import Said, Session
from bot.sandbox.table import VERBS, Scope, Verb
from bot.sandbox.table.kinds import NAMESPACES, QUOTAS
from bot.sandbox.table.rows import Kind
from bot.sandbox.tabwriter import tabulate

SHOWN_KINDS = 8

HERE = Text("{who}, dans `{namespace}`, vous pouvez :", "{who}, in `{namespace}`, you can:")
ON = Text("{verb} : {kinds}", "{verb}: {kinds}")
MORE = Text(" et {count} autres types (`/k8s help {verb}`)", " and {count} other types (`/k8s help {verb}`)")
OTHERS = Text(
    "D'autres namespaces vous sont ouverts : {namespaces}.", "Other namespaces are open to you: {namespaces}."
)
FOR_TRAINERS = Text("Réservé aux formateurs : {verbs}.", "For trainers only: {verbs}.")
QUOTA = Text("Ci-dessus, le quota du namespace.", "Above is the quota of the namespace.")
NO_QUOTA = Text("Aucun quota ne limite ce namespace.", "No quota limits this namespace.")


async def can(session: Session, _: Can) -> Said:
    """Raises NotAllowed for a namespace that is not the person's, Refused, Unavailable."""
    session.places.check_named(session.person, session.namespace)
    scope = session.places.scope(session.person, session.namespace) or "sandbox"
    held = await powers(session)
    quota = await quota_table(session)
    person = session.person
    may = {verb.name: session.places.may(person, verb, session.namespace) for verb in VERBS.values()}
    open_to = [line for verb in VERBS.values() if may[verb.name] for line in lines_of(session, verb, scope, held)]
    closed = ", ".join(f"`{name}`" for name, is_open in may.items() if not is_open)
    elsewhere = ", ".join(f"`{name}`" for name in session.places.visible(person) if name != session.namespace)
    parts = [HERE.format(who=who(person), namespace=session.namespace), *open_to]
    parts += [FOR_TRAINERS.format(verbs=closed)] if closed else []
    parts += [OTHERS.format(namespaces=elsewhere)] if elsewhere else []
    parts.append(QUOTA if quota else NO_QUOTA)
    return Said(quota, remark=joined(parts))


def lines_of(session: Session, verb: Verb, scope: Scope, held: Powers) -> Iterable[Text]:
    """The verb with the types that it really takes here; nothing where it takes none."""
    kinds = [kind for kind in verb.kinds.get(scope, ()) if held.hold(need.right(kind) for need in verb.needs)]
    kinds += [kind for kind in verb.kinds.get("cluster", ()) if holds_cluster_wide(session, verb, kind, held)]
    if not verb.kinds and held.hold(verb.beside):
        return [Text(*(f"• `{verb.name}` — {verb.does[lang]}" for lang in LANGS))]
    if not kinds:
        return []
    shown = ", ".join(f"`{kind.resource}`" for kind in kinds[:SHOWN_KINDS])
    left = len(kinds) - SHOWN_KINDS
    more = MORE.format(count=left, verb=verb.name) if left > 0 else Text("", "")
    return [ON.format(verb=f"• `{verb.name}`", kinds=Text(*(shown + more[lang] for lang in LANGS)))]


def holds_cluster_wide(session: Session, verb: Verb, kind: Kind, held: Powers) -> bool:
    name = session.namespace if kind == NAMESPACES else ""
    return held.hold((need.right(kind) for need in verb.needs), name)


async def quota_table(session: Session) -> str:
    """ "" where there is none, or it may not be read."""
    try:
        quotas = await session.list(session.resource(QUOTAS), session.namespace)
    except Refused:
        return ""
    rows = [row for quota in quotas for row in quota_rows(quota.get("status") or {})]
    if not rows:
        return ""
    return tabulate("".join("\t".join(row) + "\n" for row in (("RESOURCE", "USED", "HARD", "LEFT"), *rows)))


def quota_rows(status: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    used, hard = status.get("used") or {}, status.get("hard") or {}
    for name in sorted(hard):
        taken, limit = read_quantity(str(used.get(name, "0"))), read_quantity(str(hard[name]))
        left = Quantity(max(limit.value - taken.value, limit.value * 0), limit.binary) if taken and limit else "?"
        yield name, str(used.get(name, "0")), str(hard[name]), str(left)


def joined(parts: Iterable[Text]) -> Text:
    parts = list(parts)

    def in_language(lang: Lang) -> str:
        return "\n".join(part[lang] for part in parts)

    return Text(in_language("fr"), in_language("en"))
