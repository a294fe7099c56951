"""The builder: every verb of the table in it by itself, every line that it makes a command, with what is there."""

import shlex
from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import BadRequest
from bot.sandbox import Person, Role, Sandbox
from bot.sandbox.builder import PLACE, SWITCHES, VERB, Field, Form, line_of
from bot.sandbox.grammar import read
from bot.sandbox.table import VERBS, Verb
from tests.sandbox import two_teams
from tests.sandbox.fake_api import FakeApi, html
from tests.sandbox.two_teams import PODS, TEAMS, sandbox_on

TRAINER, STUDENT = Person("U0TRAINER", "trainer", TEAMS), Person("U0ANNA", "student", TEAMS[:1])
api, sandbox = two_teams.api, two_teams.sandbox


def field(form: Form, key: str) -> Field:
    return next(field for field in form.fields if field.key == key)


def chosen(form: Form) -> dict[str, str]:
    return {field.key: field.value for field in form.fields}


async def fill(sandbox: Sandbox, verb: Verb, person: Person) -> dict[str, str]:
    """All that the form asks for: what is offered first, and of what is typed, the words of the row's first example."""
    form = await sandbox.builder.form({VERB: verb.name}, person, None)
    example = read(shlex.split(verb.examples[-1]))
    free = [arg.name for arg in verb.args if arg.among is None]
    typed = dict(zip(free, example.args[-len(free) :], strict=False)) if free else {}
    typed |= {f"--{name}": value for name, value in example.flags.items() if name != "namespace"}
    values = {}
    for asked in form.fields:
        offered = [option for option in asked.options if option]
        values[asked.key] = asked.value or (offered[0] if offered else typed.get(asked.key, ""))
        if not values[asked.key] and asked.required:
            values[asked.key] = "web"
    return values


@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
async def test_every_verb_is_in_it_with_all_its_flags_and_makes_a_command(sandbox: Sandbox, verb: Verb) -> None:
    form = await sandbox.builder.form({VERB: verb.name}, TRAINER, None)
    assert field(form, VERB).value == verb.name
    asked = {field.key for field in form.fields} | {f"--{name}" for name in dict(field_options(form, SWITCHES))}
    assert {arg.name for arg in verb.args} <= asked
    assert {f"--{flag.name}" for flag in verb.flags if flag.built} - asked <= {PLACE}
    values = await fill(sandbox, verb, TRAINER)
    values[SWITCHES] = ""
    assert await sandbox.builder.mistakes(values) == {}
    command = await sandbox.parse(line_of(values))
    assert command.verb is verb
    assert set(command.words.flags) == {key[2:] for key, value in values.items() if key.startswith("--") and value}


def field_options(form: Form, key: str) -> list[tuple[str, object]]:
    return [pair for field in form.fields if field.key == key for pair in field.options.items()]


@pytest.mark.parametrize(("person", "role"), [(STUDENT, "student"), (TRAINER, "trainer")])
async def test_verbs_are_those_of_the_role(sandbox: Sandbox, person: Person, role: Role) -> None:
    form = await sandbox.builder.form({}, person, None)
    offered = [verb for verb in VERBS.values() if role == "trainer" or verb.role == "student"]
    assert list(field(form, VERB).options) == [verb.name for verb in offered]


async def test_where_students_write_they_are_offered_it_there_alone(api: FakeApi, tmp_path: Path) -> None:
    both_teams = Person("U0ANNA", "student", TEAMS)
    async with sandbox_on(api, tmp_path, "equipe-bleue") as sandbox:
        form = await sandbox.builder.form({VERB: "scale"}, both_teams, None)
        assert form.line == "kubectl scale deployments -n equipe-bleue"
        assert list(field(form, PLACE).options) == ["equipe-bleue"]
        form = await sandbox.builder.form({VERB: "scale"}, STUDENT, None)
        assert form.line == "kubectl get pods -n equipe-rouge"


async def test_a_student_begins_at_the_teams_pods(sandbox: Sandbox) -> None:
    form = await sandbox.builder.form({}, STUDENT, None)
    assert form.line == "kubectl get pods -n equipe-rouge"
    assert list(field(form, PLACE).options) == ["equipe-rouge", "kube-system"]
    assert list(field(form, "NAME").options) == ["web-1", "web-2"]


async def test_whoever_is_not_offered_a_verb_or_a_namespace_does_not_get_it(sandbox: Sandbox) -> None:
    form = await sandbox.builder.form({VERB: "scale", PLACE: "equipe-bleue"}, STUDENT, None)
    assert form.line == "kubectl get pods -n equipe-rouge"


async def test_the_line_grows_with_each_choice(sandbox: Sandbox) -> None:
    lines = []
    values: dict[str, str] = {}
    for key, value in (
        (VERB, "scale"),
        (PLACE, "equipe-bleue"),
        ("NAME", "api"),
        ("--replicas", "3"),
        (VERB, "get"),
        (SWITCHES, "all-namespaces show-labels"),
    ):
        form = await sandbox.builder.form(values | {key: value}, TRAINER, "equipe-rouge")
        values = chosen(form)
        lines.append(form.line)
    assert lines == [
        "kubectl scale deployments -n equipe-rouge",
        "kubectl scale deployments -n equipe-bleue",
        "kubectl scale deployment/api -n equipe-bleue",
        "kubectl scale deployment/api -n equipe-bleue --replicas=3",
        "kubectl get deployment/api -n equipe-bleue",
        "kubectl get deployment/api -A --show-labels",
    ]


@pytest.mark.parametrize(
    ("verb", "line"),
    [
        ("logs", "kubectl logs -n equipe-rouge -l app=web"),
        ("delete", "kubectl delete deployments -n equipe-rouge -l app=web"),
        ("rollout status", "kubectl rollout status deployments -n equipe-rouge -l app=web"),
    ],
)
async def test_a_selector_stands_for_the_name(sandbox: Sandbox, verb: str, line: str) -> None:
    values = {VERB: verb, "TYPE": "deployments deployment", "--selector": "app=web"}
    form = await sandbox.builder.form(values, TRAINER, None)
    assert form.line == line
    assert await sandbox.builder.mistakes(chosen(form)) == {}


async def test_a_name_that_is_not_where_one_goes_is_not_taken_along(sandbox: Sandbox) -> None:
    values = {VERB: "scale", "TYPE": "deployments deployment", "NAME": "api", PLACE: "equipe-bleue"}
    form = await sandbox.builder.form({**values, PLACE: "equipe-rouge"}, TRAINER, None)
    assert field(form, "NAME").value == ""


async def test_what_is_in_no_namespace_asks_for_none(sandbox: Sandbox) -> None:
    form = await sandbox.builder.form({VERB: "get", "TYPE": "nodes node"}, STUDENT, None)
    assert PLACE not in chosen(form)
    assert form.line == "kubectl get nodes"


async def test_our_own_commands_are_not_called_kubectls(sandbox: Sandbox) -> None:
    assert (await sandbox.builder.form({VERB: "freeze"}, TRAINER, None)).line == "/k8s freeze"


async def test_more_names_than_a_list_holds_are_searched_and_those_that_begin_so_come_first(
    sandbox: Sandbox, api: FakeApi
) -> None:
    names = [f"pod-{number:04}" for number in range(1_000)]

    async def chunk(request: web.Request) -> web.Response:
        start = int(request.query.get("continue", 0))
        end = start + int(request.query["limit"])
        following = {"continue": str(end)} if end < len(names) else {}
        listed = [{"metadata": {"name": name}} for name in names[start:end]]
        return web.json_response({"metadata": following, "items": listed})

    api.answers[PODS.format("equipe-rouge")] = chunk
    form = await sandbox.builder.form({"TYPE": "pods pod", "NAME": "pod-0999"}, STUDENT, None)
    assert field(form, "NAME").search
    assert form.line == "kubectl get pod/pod-0999 -n equipe-rouge"
    assert len(api.paths) == 1
    found = await sandbox.builder.search(chosen(form), STUDENT, "D-099")
    assert found == tuple(f"pod-099{digit}" for digit in range(10))
    names[500] = "099-first"
    assert len(await sandbox.builder.search(chosen(form), STUDENT, "")) == 99


async def test_where_names_cannot_be_listed_they_are_typed(sandbox: Sandbox, api: FakeApi) -> None:
    api.answers[PODS.format("equipe-rouge")] = html(503)
    form = await sandbox.builder.form({"NAME": "web-1", "TYPE": "pods pod"}, STUDENT, None)
    assert not field(form, "NAME").options
    assert form.line == "kubectl get pod/web-1 -n equipe-rouge"


@pytest.mark.parametrize(
    ("changed", "key", "words"),
    [
        ({"--replicas": ""}, "--replicas", "À remplir"),
        ({"--replicas": "deux"}, "--replicas", "nombre entier"),
        ({"--current-replicas": "x"}, "--current-replicas", "nombre entier"),
        ({"NAME": ""}, "NAME", "À remplir"),
        ({"NAME": "../x"}, "NAME", "`TYPE/NOM`"),
        ({"NAME": "Web"}, "NAME", "`Web`"),
        ({VERB: "get", "--output": "", "--sort-by": "{"}, "--sort-by", "modèle"),
        ({VERB: "get", "--selector": "app=web"}, "--selector", "sélecteur"),
        ({VERB: "get", "--selector": "'"}, "--selector", "sélecteur"),
        ({VERB: "delete", "NAME": ""}, "NAME", "nom de l'objet"),
        ({VERB: "logs", "NAME": ""}, "NAME", "Il manque le pod"),
        ({VERB: "logs", "--selector": "app=web"}, "--selector", "sélecteur"),
        ({VERB: "label", "KEY=VALUE": "tier"}, "KEY=VALUE", "Il manque le label"),
    ],
)
async def test_a_mistake_is_told_at_its_field(sandbox: Sandbox, changed: dict[str, str], key: str, words: str) -> None:
    right = {VERB: "scale", "TYPE": "deployments deployment", PLACE: "equipe-rouge", "NAME": "web", "--replicas": "3"}
    assert await sandbox.builder.mistakes(right) == {}
    mistakes = await sandbox.builder.mistakes({**right, **changed})
    assert list(mistakes) == [key]
    assert words in mistakes[key].fr


@pytest.mark.parametrize(
    "value", ["a b", "it's", '"', "$(id)", "; rm -rf /", "| sh", "a\\b", "<!channel>", "—x", "`x`"]
)
async def test_what_is_typed_in_a_field_stays_the_value_of_its_flag(sandbox: Sandbox, value: str) -> None:
    values = {VERB: "get", "TYPE": "pods pod", "--selector": value}
    try:
        command = await sandbox.parse(line_of(values))
    except BadRequest:
        return
    assert set(command.words.flags) == {"selector"}
    assert command.words.args == ("pods",)
