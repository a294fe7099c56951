"""`create deployment` and `set image`, typed."""

from dataclasses import replace

from bot.errors import BadRequest
from bot.language import Text
from bot.sandbox.commands import CreateDeployment, SetImage, Target
from bot.sandbox.discovery import Catalog
from bot.sandbox.errors import UsageError
from bot.sandbox.grammar import Words
from bot.sandbox.names import checked_name
from bot.sandbox.parser.numbers import read_integer
from bot.sandbox.parser.selections import label_problems
from bot.sandbox.parser.targets import find_type, read_targets, split_pairs, usage_error
from bot.sandbox.table.kinds import DEPLOYMENTS

SEE_HELP = "See 'kubectl create deployment -h' for help and examples"
INVALID = 'error: failed to create deployment: Deployment.apps "{name}" is invalid: {causes}'
NO_NAME = "metadata.name: Required value: name or generateName is required"
NOT_A_NAME = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)

NO_IMAGE = Text(
    "Il manque l'image : `/k8s create deployment {name} --image=nginx`.",
    "The image is missing: `/k8s create deployment {name} --image=nginx`.",
)
ONE_NAME = Text(
    "Un déploiement a un seul nom : `/k8s {example}`. La commande du conteneur vient après `--`.",
    "A deployment has one name: `/k8s {example}`. The container's command comes after `--`.",
)
ONE_IMAGE = Text(
    "Une commande après `--` ne va qu'avec une seule image : gardez un seul `--image`.",
    "A command after `--` goes with one image only: keep one `--image`.",
)
WRONG_NUMBER = Text(
    "`--{flag}` attend un nombre entier, pas `{value}`. Exemple : `--{flag}={example}`.",
    "`--{flag}` takes a whole number, not `{value}`. Example: `--{flag}={example}`.",
)
NO_PAIR = Text(
    "Dites quelle image prend quel conteneur : `/k8s {example}`.",
    "Say which container takes which image: `/k8s {example}`.",
)
ALL_OR_EACH = Text(
    "`*` vise déjà tous les conteneurs : donnez une seule paire `'*=IMAGE'`, ou un conteneur par paire.",
    "`*` is all containers already: give one pair `'*=IMAGE'`, or one container in each pair.",
)


def read_create_deployment(words: Words, catalog: Catalog) -> CreateDeployment:
    replicas = read_integer(words, "replicas", 1, wrong_number(words, "replicas", 2), bits=32)
    port = read_integer(words, "port", -1, wrong_number(words, "port", 80), bits=32)
    names, example = words.before_dash, words.verb.examples[0]
    if "image" not in words.flags:
        raise usage_error(NO_IMAGE.format(name=(*names, "demonstration")[0]), 'required flag(s) "image" not set')
    if len(names) != 1:
        stderr = f"exactly one NAME is required, got {len(names)}"
        raise usage_error(ONE_NAME.format(example=example), f"{stderr}\n{SEE_HELP}")
    images = tuple(words.flags["image"].split(",")) if words.flags["image"] else ()
    if len(images) > 1 and words.after_dash:
        raise usage_error(ONE_IMAGE, "cannot specify multiple --image options and command")
    target = Target(find_type(words.verb, str(DEPLOYMENTS), catalog), new_name(names[0]))
    return CreateDeployment(words, (target,), images, replicas, port if port >= 0 else None, words.after_dash)


def read_set_image(words: Words, catalog: Catalog) -> SetImage:
    things, pairs = split_pairs(words, "image")
    images = dict(read_image(words, pair) for pair in pairs)
    targets = read_targets(replace(words, args=things), catalog)
    if not images:
        raise usage_error(NO_PAIR.format(example=words.verb.examples[0]), "at least one image update is required")
    if len(images) > 1 and "*" in images:
        stderr = "all containers are already specified by *, but saw more than one container_name=container_image pairs"
        raise usage_error(ALL_OR_EACH, stderr)
    return SetImage(words, targets, images)


def read_image(words: Words, pair: str) -> tuple[str, str]:
    container, equals, image = pair.partition("=")
    if not equals:
        raise usage_error(NO_PAIR.format(example=words.verb.examples[0]), f"invalid image format: {pair}")
    return container, image


def new_name(name: str) -> str:
    """Raises UsageError, with what the API server would say of it."""
    try:
        return checked_name(name)
    except BadRequest as error:
        causes = causes_of(name) if name else [NO_NAME]
        told = causes[0] if len(causes) == 1 else f"[{', '.join(causes)}]"
        raise UsageError(error.text, INVALID.format(name=name, causes=told)) from error


def causes_of(name: str) -> list[str]:
    """Of a deployment whose name cannot be one, nor perhaps the value of the label that is made of it."""
    labels = label_problems(name)
    causes = [("metadata.name", NOT_A_NAME), *(("metadata.labels", one) for one in labels)]
    causes += [("spec.selector.matchLabels", one) for one in labels]
    selector = [f'spec.selector: Invalid value: {{"matchLabels":{{"app":"{name}"}}}}: invalid label selector']
    return [f'{field}: Invalid value: "{name}": {problem}' for field, problem in causes] + selector * bool(labels)


def wrong_number(words: Words, flag: str, example: int) -> Text:
    return WRONG_NUMBER.format(flag=flag, value=words.flags.get(flag), example=example)
