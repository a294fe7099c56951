"""What a person may do: asked of the API server for their role, and for the bot, which can do no more than it may.

Under impersonation a review answers for the role alone: it says yes to Secrets that a role of the cluster's own may
read, where the request would be refused to the bot.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bot.sandbox.commands import CanI, CanList, WhoAmI
from bot.sandbox.goprint import go_print
from bot.sandbox.session import Said, Session
from bot.sandbox.table import Right
from bot.sandbox.tabwriter import tabulate

AUTHORIZATION, AUTHENTICATION = "authorization.k8s.io", "authentication.k8s.io"
ACCESS_REVIEWS = f"/apis/{AUTHORIZATION}/v1/selfsubjectaccessreviews"
RULES_REVIEWS = f"/apis/{AUTHORIZATION}/v1/selfsubjectrulesreviews"
SUBJECT_REVIEWS = f"/apis/{AUTHENTICATION}/v1/selfsubjectreviews"
ON_BEHALF = "impersonate-on:user-info:{}"

Rules = Sequence[Mapping[str, Any]]


async def can_i(session: Session, command: CanI) -> Said:
    """kubectl's yes or no. Raises Refused, Unavailable."""
    if command.path:
        return said_of(command, await may_ask(session, command))
    asked = {
        "namespace": "" if command.words.switch("all-namespaces") else session.namespace,
        "verb": command.api_verb,
        "group": command.kind.group,
        "resource": command.kind.resource,
        "subresource": command.words.flags.get("subresource", ""),
        "name": command.name,
    }
    return said_of(command, await allowed(session, {key: value for key, value in asked.items() if value}))


def said_of(command: CanI, answer: bool) -> Said:
    said = "" if command.words.switch("quiet") else f"{'yes' if answer else 'no'}\n"
    return Said(said, notes=command.notes, status=0 if answer else 1)


async def may_ask(session: Session, command: CanI) -> bool:
    """A path of the server, which the bot itself asks nothing of for anybody."""
    asked = {"nonResourceAttributes": {"verb": command.api_verb, "path": command.path}}
    review = {**access_review({}), "spec": asked}
    return says_yes((await session.send(session.namespace, "POST", ACCESS_REVIEWS, body=review)).object)


async def allowed(session: Session, asked: Mapping[str, str]) -> bool:
    """For the person's role, and for the bot on its behalf."""
    on_behalf = {**asked, "verb": ON_BEHALF.format(asked.get("verb", ""))}
    user = {"verb": "impersonate", "resource": "users", "name": f"timonier:{session.person.role}"}
    role, bot, older = await asyncio.gather(
        session.send(session.namespace, "POST", ACCESS_REVIEWS, body=access_review(asked)),
        session.api.review_own(ACCESS_REVIEWS, access_review(on_behalf)),
        session.api.review_own(ACCESS_REVIEWS, access_review(user)),
    )
    return says_yes(role.object) and (says_yes(bot) or says_yes(older))


def access_review(asked: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": f"{AUTHORIZATION}/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": dict(asked)},
    }


def says_yes(review: Mapping[str, Any]) -> bool:
    return bool((review.get("status") or {}).get("allowed"))


async def who_am_i(session: Session, _: WhoAmI) -> Said:
    """Raises Refused, Unavailable."""
    review = {"apiVersion": f"{AUTHENTICATION}/v1", "kind": "SelfSubjectReview"}
    answer = (await session.send(session.namespace, "POST", SUBJECT_REVIEWS, body=review)).object
    found = answer["status"]["userInfo"]
    rows = [("Username", found.get("username", "")), ("UID", found.get("uid", ""))]
    rows += [("Groups", go_print(found["groups"]))] if found.get("groups") else []
    rows += [(f"Extra: {key}", go_print(values)) for key, values in sorted((found.get("extra") or {}).items())]
    lines = [f"{name}\t{value}\n" for name, value in (("ATTRIBUTE", "VALUE"), *rows) if value]
    return Said(tabulate("".join(lines)))


@dataclass(frozen=True, slots=True)
class Powers:
    """The rules of a person's role and of the bot in one namespace."""

    role: Rules
    bot: Rules
    paths: Rules = ()

    def hold(self, rights: Iterable[Right], name: str = "") -> bool:
        """Whether all of ``rights`` are granted, on the object ``name`` where they are limited to names."""
        return all(grants(self.role, right, name) and self._through_bot(right, name) for right in rights)

    def table(self) -> Iterable[tuple[str, str, str, str]]:
        """kubectl's rows: a type, a path of the server, a name, and the verbs."""
        held = defaultdict[tuple[str, str, str], dict[str, None]](dict)
        for rule in self.role:
            cells = product(
                rule.get("apiGroups") or (), rule.get("resources") or (), rule.get("resourceNames") or ("",)
            )
            for (group, resource, name), verb in product(cells, rule["verbs"]):
                kind, _, subresource = resource.partition("/")
                if self._through_bot(Right(verb, group, kind, subresource), name):
                    held[group, resource, name][verb] = None
        rows = [(*cell, "", go_print([*verbs])) for cell, verbs in held.items()]
        rows += [("", "", "", path, f"[{verb}]") for rule in self.paths for path, verb in one_by_one(rule)]
        for group, resource, name, path, verbs in sorted(rows, key=order_of_rules):
            kind, slash, subresource = resource.partition("/")
            yield ".".join(filter(None, (kind, group))) + slash + subresource, f"[{path}]", f"[{name}]", verbs

    def _through_bot(self, right: Right, name: str) -> bool:
        older = any("impersonate" in rule["verbs"] for rule in self.bot)
        return older or grants(self.bot, on_behalf(right), name)


def on_behalf(right: Right) -> Right:
    """What the bot needs to use a right that somebody has."""
    return Right(ON_BEHALF.format(right.verb), right.group, right.resource, right.subresource)


def one_by_one(rule: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    return product(rule.get("nonResourceURLs") or (), rule["verbs"])


def order_of_rules(row: tuple[str, str, str, str, str]) -> str:
    """As Go prints them."""
    group, resource, name, path, verbs = row
    return f"{verbs},APIGroups:[{group}],Resources:[{resource}],ResourceNames:[{name}],NonResourceURLs:[{path}]"


async def can_list(session: Session, command: CanList) -> Said:
    """All that a role may do in a namespace, as far as the bot may do it on its behalf. Raises Refused, Unavailable."""
    held = await powers(session)
    titles = ("Resources", "Non-Resource URLs", "Resource Names", "Verbs")
    rows = [*([] if command.words.switch("no-headers") else [titles]), *held.table()]
    return Said(tabulate("".join("\t".join(row) + "\n" for row in rows)))


async def powers(session: Session) -> Powers:
    """In the session's namespace. Raises Refused, Unavailable."""
    review = {
        "apiVersion": f"{AUTHORIZATION}/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": session.namespace},
    }
    role, bot = await asyncio.gather(
        session.send(session.namespace, "POST", RULES_REVIEWS, body=review),
        session.api.review_own(RULES_REVIEWS, review),
    )
    role_rules, bot_rules = (answer.get("status") or {} for answer in (role.object, bot))
    return Powers(
        role_rules.get("resourceRules") or (),
        bot_rules.get("resourceRules") or (),
        role_rules.get("nonResourceRules") or (),
    )


def grants(rules: Rules, right: Right, name: str) -> bool:
    resource = "/".join(filter(None, (right.resource, right.subresource)))
    return any(
        {right.verb, "*"} & {*rule["verbs"]}
        and {right.group, "*"} & {*(rule.get("apiGroups") or ())}
        and {resource, "*"} & {*(rule.get("resources") or ())}
        and (not rule.get("resourceNames") or name in rule["resourceNames"])
        for rule in rules
    )
