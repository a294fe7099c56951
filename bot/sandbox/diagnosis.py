"""Whether the cluster is as the chart makes it, seen with the bot's own account: what it and each role may."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import aiohttp

from bot.errors import Unavailable
from bot.findings import Finding, fault, ok, reason, warning
from bot.sandbox.access import Places
from bot.sandbox.api import NOT_KUBERNETES, NOT_RECOGNISED, Api, Refused, connect
from bot.sandbox.person import Person, Role
from bot.sandbox.reviews import AUTHORIZATION, ON_BEHALF, RULES_REVIEWS, Rules, grants, on_behalf
from bot.sandbox.table import Right, Scope, rights

OLDEST, CONSTRAINED_SINCE = (1, 30), (1, 36)
# What every account may by Kubernetes's own system:basic-user, and whoever speaks for another.
OPEN_TO_ALL = {
    ("authentication.k8s.io", "selfsubjectreviews"),
    (AUTHORIZATION, "selfsubjectaccessreviews"),
    (AUTHORIZATION, "selfsubjectrulesreviews"),
}
UPGRADE = "helm upgrade timonier helm -n timonier -f my-course.yaml"
VALUES: Mapping[Scope, str] = {"sandbox": "sandbox.namespaces", "read-only": "readOnlyNamespaces"}
LOOK = "Look at KUBECONFIG; in a pod, at networkPolicy.apiServer in the chart's values: both name the server's address."
PLAIN = {
    NOT_RECOGNISED: "it does not recognise the bot: the token is expired, or of another cluster",
    NOT_KUBERNETES: "what answers at its address is not Kubernetes: a proxy, most likely",
}
MANY = 5
# What the chart's policies turn down whatever their values are; it is only tried.
LABELS = {"app": "timonier-doctor"}
TOO_MANY = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "timonier-doctor"},
    "spec": {
        "replicas": 2**31 - 1,
        "selector": {"matchLabels": LABELS},
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {"containers": [{"name": "doctor", "image": "timonier.invalid/doctor"}]},
        },
    },
}
OUTSIDE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "timonier-doctor"},
    "spec": {"type": "ExternalName", "externalName": "timonier.invalid"},
}
TURNED_DOWN = {
    "apis/apps/v1/namespaces/{}/deployments": ("a deployment of 2147483647 replicas", TOO_MANY),
    "api/v1/namespaces/{}/services": ("a service that points outside of the cluster", OUTSIDE),
}


async def diagnose(kubeconfig: Path | None, places: Places) -> AsyncIterator[Finding]:
    """Ends early where nothing more can be seen."""
    try:
        async with connect(kubeconfig) as api:
            version = await api.read_open("/version")
            yield _of_version(version)
            own = await _own_rules(api, (*places.sandbox, "default")[0])
            yield _of_impersonation(own, _numbers(version))
            if not {"impersonate:user-info", "impersonate"} & _verbs(own):
                return
            by_scope: dict[Scope, tuple[str, ...]] = {"sandbox": places.sandbox, "read-only": places.read_only}
            for scope, namespaces in by_scope.items():
                for namespace in namespaces:
                    yield _of_own_rights(namespace, scope, await _own_rules(api, namespace))
            async for finding in _of_roles(api, places):
                yield finding
    except Unavailable as error:
        yield fault("API server", _unanswered(error), LOOK)


def _unanswered(error: Unavailable) -> str:
    """For an operator, in place of the words for students."""
    if isinstance(error.__cause__, (aiohttp.ClientError, TimeoutError)):
        return f"no connection: {reason(error.__cause__)}"
    return PLAIN.get(error.text, error.text.en)


def _of_version(version: Mapping[str, Any]) -> Finding:
    if _numbers(version) < OLDEST:
        return fault(
            "API server", f"{version['gitVersion']} lacks ValidatingAdmissionPolicy", "Take Kubernetes 1.30 or newer."
        )
    return ok("API server", f"answers, {version['gitVersion']}")


def _numbers(version: Mapping[str, Any]) -> tuple[int, int]:
    major, minor = (int(re.sub(r"\D", "", str(version[name])) or 0) for name in ("major", "minor"))
    return major, minor


def _of_impersonation(own: Rules, version: tuple[int, int]) -> Finding:
    verbs = _verbs(own)
    constrained, legacy = "impersonate:user-info" in verbs, "impersonate" in verbs
    if "*" in verbs:
        return fault(
            "impersonation",
            "this account may do everything: it is an administrator's, not the bot's",
            "Take the chart's account, timonier in the release's namespace: kubectl -n timonier create token timonier",
        )
    if constrained and legacy:
        return fault(
            "impersonation",
            "constrained and legacy at once: the legacy rule voids the constraint",
            "Find what else grants `impersonate` to the bot: kubectl get clusterrolebindings -o wide | grep timonier",
        )
    if constrained:
        return ok("impersonation", "constrained to the commands of the table")
    if not legacy:
        return fault("impersonation", "the bot may speak for nobody", f"Install the chart for this account: {UPGRADE}")
    if version >= CONSTRAINED_SINCE:
        return warning(
            "impersonation", "legacy, though the server can constrain it", f"{UPGRADE} --set impersonation=constrained"
        )
    return ok("impersonation", "legacy, as it must be before Kubernetes 1.36")


def _verbs(rules: Rules) -> set[str]:
    return {verb for rule in rules for verb in rule["verbs"]}


def _of_own_rights(namespace: str, scope: Scope, own: Rules) -> Finding:
    """The bot itself may do nothing: a forgotten header must fail. For others, the table's cells and no more."""
    subject = f"the bot's own rights in {namespace}"
    cells = _cells(own)
    if itself := sorted(_named(right) for right in cells if not right.verb.startswith("impersonate")):
        return fault(
            subject,
            f"it may itself {_few(itself)}",
            "Take these rights from its service account: only impersonation is needed.",
        )
    if any(right.verb == "impersonate" for right in cells):
        return ok(subject, "none but to speak for a role")
    table = {right for role in get_args(Role) for right in (*rights(role, scope), *rights(role, "cluster"))}
    if missing := sorted(_named(right) for right in table if not grants(own, on_behalf(right), namespace)):
        return fault(
            subject,
            f"it may not, for anybody, {_few(missing)}",
            f"{VALUES[scope]} in the chart's values must have {namespace}; then: {UPGRADE}",
        )
    through = {right for right in cells if right.verb.startswith(ON_BEHALF.format(""))}
    if beyond := sorted(_named(right) for right in through - set(map(on_behalf, table))):
        return fault(
            subject,
            f"more than the table: {_few(beyond)}",
            f"Find what else is bound to it: kubectl get clusterrolebindings,rolebindings -n {namespace} -o wide",
        )
    return ok(subject, "none but to speak for a role, in the table's cells")


async def _of_roles(api: Api, places: Places) -> AsyncIterator[Finding]:
    for namespace in places.sandbox:
        for role in get_args(Role):
            person = Person("doctor", role, (namespace,))
            writes = role == "trainer" or namespace in places.students_write
            yield await _of_role(api, person, namespace, "sandbox", rights("trainer" if writes else role, "sandbox"))
        yield await _of_policies(api, namespace)
    for namespace in places.read_only:
        for role in get_args(Role):
            person = Person("doctor", role, places.sandbox or ("default",))
            yield await _of_role(api, person, namespace, "read-only", rights(role, "read-only"))


async def _of_role(api: Api, person: Person, namespace: str, scope: Scope, table: Iterable[Right]) -> Finding:
    subject = f"what {person.role}s may in {namespace}"
    try:
        answer = await api.send(person, namespace, "POST", RULES_REVIEWS, body=_review(namespace))
    except Refused as error:
        return fault(
            subject,
            f"the bot may not speak for them: {error.reason}",
            f"{VALUES[scope]} in the chart's values must have {namespace}; then: {UPGRADE}",
        )
    rules: Rules = answer.object["status"]["resourceRules"]
    cluster = {*rights(person.role, "cluster")}
    missing = sorted(_named(right) for right in table if not grants(rules, right, ""))
    beyond = sorted(_named(right) for right in _cells(rules) - {*table} - cluster)
    if missing:
        return fault(
            subject,
            f"they may not {_few(missing)}",
            f"{VALUES[scope]} in the chart's values must have {namespace}; then: {UPGRADE}",
        )
    if beyond:
        return fault(
            subject,
            f"more than the table: {_few(beyond)}",
            f"Find what else is bound to them: kubectl get clusterrolebindings,rolebindings -n {namespace} -o wide",
        )
    return ok(subject, "exactly what the table of commands needs")


async def _of_policies(api: Api, namespace: str) -> Finding:
    subject = f"policies in {namespace}"
    trainer = Person("doctor", "trainer", (namespace,))
    for path, (what, thing) in TURNED_DOWN.items():
        try:
            await api.send(
                trainer, namespace, "POST", f"/{path.format(namespace)}", query=[("dryRun", "All")], body=thing
            )
        except Refused as error:
            if "ValidatingAdmissionPolicy 'timonier-" not in str(error):
                return warning(subject, f"not to be seen: {error.reason}", "Look at the rights above first.")
        else:
            return fault(subject, f"none stops {what}", f"kubectl get validatingadmissionpolicybindings; {UPGRADE}")
    return ok(subject, "they bound what may be made")


async def _own_rules(api: Api, namespace: str) -> Rules:
    answer = await api.review_own(RULES_REVIEWS, _review(namespace))
    rules: Rules = (answer.get("status") or {}).get("resourceRules") or ()
    return rules


def _review(namespace: str) -> dict[str, Any]:
    return {"apiVersion": f"{AUTHORIZATION}/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}}


def _cells(rules: Rules) -> set[Right]:
    return {
        Right(verb, group, resource, subresource)
        for rule in rules
        for group in rule.get("apiGroups") or ()
        for resource, _, subresource in (name.partition("/") for name in rule.get("resources") or ())
        for verb in rule["verbs"]
        if (group, resource) not in OPEN_TO_ALL
    }


def _named(right: Right) -> str:
    resource = "/".join(filter(None, (right.resource, right.subresource)))
    return f"{right.verb} {'.'.join(filter(None, (resource, right.group)))}"


def _few(names: list[str]) -> str:
    more = len(names) - MANY
    return ", ".join(names[:MANY]) + (f" and {more} more" if more > 0 else "")
