"""The commands about the API server itself, typed."""

from bot.language import Text
from bot.sandbox.commands import ApiResources, Explain, Version
from bot.sandbox.discovery import Catalog, Resource
from bot.sandbox.grammar import Words, did_you_mean
from bot.sandbox.jsonpath import JsonPathError, fields_of
from bot.sandbox.parser.targets import UNKNOWN_KIND, UnknownType, usage_error

EXPLAIN_WHAT = Text(
    "Il faut un type, et un seul, avec ses champs derrière des points : `/k8s explain pod.spec.containers`.",
    "It takes one type, with its fields behind dots: `/k8s explain pod.spec.containers`.",
)
NO_ARGUMENTS = Text("`{verb}` ne prend pas de nom : `/k8s {verb}`.", "`{verb}` takes no name: `/k8s {verb}`.")
NO_TYPE = (
    'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported '
    "resources."
)


def read_explain(words: Words, catalog: Catalog) -> Explain:
    """The type has a group where the words go on so: `deployments.apps.spec`."""
    if len(words.args) != 1:
        many = "We accept only this format: explain RESOURCE" if words.args else NO_TYPE
        raise usage_error(EXPLAIN_WHAT, many)
    word = words.args[0].removesuffix(".")
    try:
        names = fields_of(word)
    except JsonPathError as error:
        raise usage_error(EXPLAIN_WHAT, str(error)) from error
    found = catalog.matches(names[0])
    if not found:
        near = did_you_mean(names[0], catalog.names(resource.kind for resource in catalog.resources))
        stderr = f'the server doesn\'t have a resource type "{names[0]}"'
        raise UnknownType(UNKNOWN_KIND.format(word=names[0], near=near), stderr)
    resource = next((one for one in found if word.startswith(str(one.kind))), None)
    length = str(resource.kind).count(".") + 1 if resource else 1
    return Explain(words, in_version(words, resource or found[0], catalog), names[length:])


def in_version(words: Words, resource: Resource, catalog: Catalog) -> Resource:
    wanted = words.flags.get("api-version")
    if not wanted:
        return resource
    others = (one for one in catalog.resources if one.kind.resource == resource.kind.resource)
    found = next((one for one in others if one.api_version == wanted), None)
    if found is None:
        group, _, version = wanted.rpartition("/")
        stderr = f'couldn\'t find resource for "{group}/{version}, Resource={resource.kind.resource}"'
        raise usage_error(EXPLAIN_WHAT, stderr)
    return found


def read_api_resources(words: Words, _: Catalog) -> ApiResources:
    if words.args:
        stderr = f"unexpected arguments: [{' '.join(words.args)}]\nSee 'kubectl api-resources -h' for help and examples"
        raise usage_error(NO_ARGUMENTS.format(verb=words.verb.name), stderr)
    verbs, categories = (
        frozenset(filter(None, words.flags.get(name, "").split(","))) for name in ("verbs", "categories")
    )
    return ApiResources(words, verbs, categories)


def read_version(words: Words, _: Catalog) -> Version:
    if words.args:
        stderr = f"extra arguments: [{' '.join(words.args)}]"
        raise usage_error(NO_ARGUMENTS.format(verb=words.verb.name), stderr)
    return Version(words)
