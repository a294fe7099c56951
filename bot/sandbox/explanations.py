"""What a person is told when the API server says no: what happened and the next step.

The text of a 403 changes with the server's cache and may name the bot's account: it is told from the request.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.language import LANGS, Text
from bot.sandbox.access import who
from bot.sandbox.admission import BECAUSE, POD_SECURITY, POLICY, QUOTA
from bot.sandbox.api import Refused
from bot.sandbox.commands import Command
from bot.sandbox.discovery import Resource
from bot.sandbox.grammar import nearest
from bot.sandbox.person import Person, Role
from bot.sandbox.redaction import redact_text
from bot.sandbox.result import Lesson
from bot.sandbox.table.kinds import DEPLOYMENTS

SHOWN_NAMES = 3

FORBIDDEN = Text(
    "{who}, vous ne pouvez pas faire `{verb}` sur `{kind}`{where} : le cluster le refuse. {could} "
    "Ce qui vous est ouvert : `/k8s can`.",
    "{who}, you cannot `{verb}` `{kind}`{where}: the cluster refuses it. {could} What is open to you: `/k8s can`.",
)
COULD: Mapping[Role, Text] = {
    "student": Text("Un formateur en a peut-être le droit.", "A trainer may have the right to."),
    "trainer": Text("Aucun rôle du bac à sable n'en a le droit.", "No role of the sandbox has the right to."),
}
OVER_QUOTA = Text(
    "Le quota du namespace `{namespace}` est atteint : demandé {asked}, déjà utilisé {used}, limite {limit}. "
    "Libérez de la place, ou demandez à un formateur de relever la limite.",
    "The quota of namespace `{namespace}` is reached: asked for {asked}, already used {used}, limit {limit}. "
    "Free some room, or ask a trainer to raise the limit.",
)
AGAINST_POLICY = Text(
    "Les règles du bac à sable le refusent : {message}", "The rules of the sandbox refuse it: {message}"
)
AGAINST_POD_SECURITY = Text(
    "La règle de sécurité des pods (PodSecurity, niveau `{level}`) du namespace `{namespace}` refuse : {found}. "
    "Ôtez-le du pod, et il sera accepté.",
    "The pods' security rule (PodSecurity, level `{level}`) of the namespace `{namespace}` refuses: {found}. "
    "Take it out of the pod, and it will be accepted.",
)
NOT_FOUND = Text(
    "Il n'y a pas de {kind} `{name}`{where}.{near} Pour voir ce qui existe : `/k8s get {resource}{flag}`.",
    "There is no {kind} `{name}`{where}.{near} To see what there is: `/k8s get {resource}{flag}`.",
)
NAMESPACE_GONE = Text(
    "Le namespace `{namespace}` est supprimé, ou en train de l'être : plus rien ne s'y crée. "
    "Ceux que vous pouvez voir : `/k8s get namespaces`.",
    "The namespace `{namespace}` is deleted, or being deleted: nothing can be created there any more. "
    "Those that you may see: `/k8s get namespaces`.",
)
NEAR_NAMES = Text(" Les noms les plus proches : {names}.", " The nearest names: {names}.")
EXISTS = Text(
    "Il y a déjà un service `{name}` dans `{namespace}`. Donnez un autre nom avec `--name=AUTRE-NOM`, "
    "ou regardez-le : `/k8s get service {name} -n {namespace}`.",
    "There already is a service `{name}` in `{namespace}`. Give another name with `--name=OTHER-NAME`, "
    "or look at it: `/k8s get service {name} -n {namespace}`.",
)
DEPLOYMENT_EXISTS = Text(
    "Il y a déjà un déploiement `{name}` dans `{namespace}`. Donnez un autre nom, ou changez l'image de celui-ci : "
    "`/k8s set image deployment/{name} '*=IMAGE' -n {namespace}`.",
    "There already is a deployment `{name}` in `{namespace}`. Give another name, or change the image of this one: "
    "`/k8s set image deployment/{name} '*=IMAGE' -n {namespace}`.",
)
WARNED = Text(
    "Ces pods ont plus de droits que ne l'admet la règle `{level}` (root, par exemple) : ici c'est un avertissement, "
    "ailleurs ce peut être un refus.",
    "These pods have more rights than the rule `{level}` admits (root, for instance): here that is a warning, "
    "elsewhere it may be a refusal.",
)
INVALID = Text(
    "Le cluster ne peut pas accepter ces valeurs : {causes}.", "The cluster cannot take these values: {causes}."
)
BAD_SELECTOR = Text(
    "Le sélecteur `{selector}` n'est pas bien formé. Exemples : `-l app=web`, `-l 'app in (web, api)'`, `-l '!app'`.",
    "The selector `{selector}` is not well formed. Examples: `-l app=web`, `-l 'app in (web, api)'`, `-l '!app'`.",
)
NOT_VALID = Text("`{field}` n'est pas valable", "`{field}` is not valid")
# What the server says of one field is English and for its authors; these are told in the reader's words.
CAUSES = (
    (
        re.compile(r"supported values: (?P<values>.+)$"),
        Text("`{field}` n'accepte que {values}", "`{field}` only takes {values}"),
    ),
    (
        re.compile(r"must be between (?P<least>\d+) and (?P<most>\d+), inclusive"),
        Text("`{field}` doit être entre {least} et {most}", "`{field}` must be between {least} and {most}"),
    ),
)
CONFLICT = Text(
    "L'objet vient d'être changé par quelqu'un d'autre. Rien n'a été écrit ; regardez-le et recommencez.",
    "The object was changed by somebody else just now. Nothing was written; look at it and try again.",
)
OTHER = Text(
    "Le cluster a refusé la demande ({reason}). Rien n'a été changé.",
    "The cluster refused the request ({reason}). Nothing was changed.",
)
IN_NAMESPACE = Text(" dans `{namespace}`", " in `{namespace}`")


def explain(
    refused: Refused,
    command: Command,
    person: Person,
    resource: Resource,
    namespace: str | None,
    existing: Sequence[str] = (),
) -> Lesson:
    """``existing``: the names there are of the kind that was not found."""
    message = redact_text(str(refused.status.get("message", "")))
    details = refused.status.get("details") or {}
    name, there = str(details.get("name", "")), f" -n {namespace}" if namespace else ""
    if lesson := of_guard(message, namespace):
        return lesson
    if "because it is being terminated" in message or (details.get("kind"), name) == ("namespaces", namespace):
        return Lesson(NAMESPACE_GONE.format(namespace=namespace), "not-found", "get namespaces")
    match refused.reason:
        case "Forbidden":
            return Lesson(forbidden(command, person, resource, namespace), "forbidden", "can")
        case "NotFound" if name:
            return Lesson(
                not_found(name, resource, namespace, existing), "not-found", f"get {resource.kind.resource}{there}"
            )
        case "AlreadyExists":
            kind = str(details.get("kind", ""))
            text = DEPLOYMENT_EXISTS if kind == DEPLOYMENTS.resource else EXISTS
            look = f"get {kind} {name}{there}"
            return Lesson(text.format(name=name, namespace=namespace), "already-exists", look)
        case "Invalid":
            return Lesson(INVALID.format(causes=causes(details)))
        case "BadRequest" if selector := command.words.flags.get("selector"):
            return Lesson(BAD_SELECTOR.format(selector=selector))
        case "Conflict":
            return Lesson(CONFLICT)
        case reason:
            return Lesson(OTHER.format(reason=reason or refused.status.get("code", "?")))


def of_guard(message: str, namespace: str | None) -> Lesson | None:
    """What guards the namespace; its words come with reason Forbidden or Invalid."""
    if quota := QUOTA.search(message):
        text = OVER_QUOTA.format(namespace=namespace, **{k: f"`{v}`" for k, v in quota.groupdict().items()})
        return Lesson(text, "quota", f"describe quota -n {namespace}")
    if policy := POLICY.search(message):
        text = AGAINST_POLICY.format(message=in_both_languages(policy["message"].strip()))
        return Lesson(text, "policy", f"can -n {namespace}")
    if rule := POD_SECURITY.search(message):
        found = BECAUSE.sub("", rule["found"])
        text = AGAINST_POD_SECURITY.format(level=rule["level"], namespace=namespace, found=found)
        return Lesson(text, "pod-security", f"describe namespace {namespace}")
    return None


def explain_warning(warning: str) -> Text | None:
    """None for one that says nothing to a person."""
    rule = POD_SECURITY.search(warning)
    return WARNED.format(level=rule["level"]) if rule else None


def forbidden(command: Command, person: Person, resource: Resource, namespace: str | None) -> Text:
    return FORBIDDEN.format(
        who=who(person),
        verb=command.verb.name,
        kind=resource.kind.resource,
        where=in_namespace(namespace),
        could=COULD[person.role],
    )


def not_found(name: str, resource: Resource, namespace: str | None, existing: Sequence[str]) -> Text:
    near = nearest(name, existing, SHOWN_NAMES)
    names = ", ".join(f"`{candidate}`" for candidate in near)
    return NOT_FOUND.format(
        kind=resource.singular,
        name=name,
        where=in_namespace(namespace),
        near=NEAR_NAMES.format(names=names) if near else "",
        resource=resource.kind.resource,
        flag=f" -n {namespace}" if namespace else "",
    )


def in_both_languages(message: str) -> Text:
    """The chart's policies say it in French, then in English."""
    french, _, english = message.partition(" / ")
    return Text(french, english or french)


def causes(details: Mapping[str, Any]) -> Text:
    found = dict.fromkeys(
        cause_of(str(cause.get("field", "?")), str(cause.get("message", ""))) for cause in details.get("causes", ())
    )
    return Text(*(" ; ".join(text[lang] for text in found) or "?" for lang in LANGS))


def cause_of(field: str, message: str) -> Text:
    for shape, text in CAUSES:
        if said := shape.search(message):
            return text.format(field=field, **said.groupdict())
    return NOT_VALID.format(field=field)


def in_namespace(namespace: str | None) -> Text | str:
    return IN_NAMESPACE.format(namespace=namespace) if namespace else ""
