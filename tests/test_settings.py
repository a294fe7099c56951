"""Every setting, missing, malformed and out of range: one error that names it, shows the value and a right example."""

from pathlib import Path

import pytest
import yaml

from bot.docs import fields_of
from bot.settings import VARIABLES, Course, Mode, Settings, SettingsError, course, log_format
from bot.settings.course import EXAMPLE

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
SECRET = "0123456789abcdef" * 2
RIGHT = "Un exemple juste / A right example:"

WRONG_VARIABLES = {
    "SLACK_BOT_TOKEN": {
        "": "is not set",
        "xoxp-hunter2": "a user token",
        "xapp-hunter2": "an app-level token",
        "xoxe.xoxb-hunter2": "token rotation is on",
        "hunter2": "starts with xoxb-",
        '"xoxb-hunter2"': "without quotes",
        "xoxb-": "no token",
    },
    "SLACK_APP_TOKEN": {
        "": "is not set",
        "xoxb-hunter2": "a bot token",
        "xapp-hunter2 hunter2": "without quotes or spaces",
    },
    "SLACK_SIGNING_SECRET": {"": "is not set", "hunter2": "32 digits", SECRET[1:]: "32 digits"},
    "SLACK_API_URL": {value: f"'{value}' is no URL" for value in ("slack.com", "https://", "http://slack:99999/api/")},
    "KUBECONFIG": {"/nowhere/config": "there is no file /nowhere/config", "/etc": "there is no file /etc"},
    "DATABASE_URL": {
        "mysql://root:hunter2@db/x": "'mysql' is not supported",
        "timonier": "'timonier' is not supported",
        "sqlite://": "after sqlite:// comes /FILE",
        "postgresql://timonier:hunter2@db": "comes USER:PASSWORD@HOST/DATABASE",
        "postgresql://timonier:hunter2@db:99999/timonier": "comes USER:PASSWORD@HOST/DATABASE",
    },
    "PORT": {value: f"'{value}' is no port" for value in ("http", "65536", "-1", "80.0")},
    "TIMONIER_HOST": {value: f"'{value}' is no IP address" for value in ("everywhere", "127.0.0.256")},
    "TIMONIER_CONFIG": {"/nowhere.yaml": "/nowhere.yaml: illisible / cannot be read", "/etc": "cannot be read"},
    "TIMONIER_KNOWLEDGE": {"/nowhere": "there is no folder /nowhere"},
    "TIMONIER_LOG": {"xml": "'xml' is neither text nor json"},
}
ANY_VALUE = {"TIMONIER_PREPARING"}
"""The file of this one is there for a while only."""

WRONG_FIELDS = {
    "language": {"language: de": "attendu : 'fr' ou 'en' / expected: 'fr' or 'en' ('de')"},
    "namespaces": {"namespaces: [Rouge]": "namespaces.0: ", "namespaces: rouge": "a list ('rouge')"},
    "students_write": {
        "students_write: [Rouge]": "a namespace's name, like equipe-rouge ('Rouge')",
        "students_write: [rouge]": "rouge n'est pas dans namespaces / is not in namespaces",
    },
    "read_only_namespaces": {"read_only_namespaces: [kube_system]": "read_only_namespaces.0: "},
    "trainers.users": {"trainers: {users: [anna]}": "a person's id, like U01TRAINER", "trainers: anna": "trainers: "},
    "trainers.user_groups": {"trainers: {user_groups: [U01ANNA]}": "a user group's id, like S01TRAINERS ('U01ANNA')"},
    "trainers.channel": {"trainers: {channel: '#formateurs'}": "a channel's id, like C01COURSE"},
    "channels": {"channels: {general: {}}": "channels.general", "channels: [C1]": "channels: attendu : un bloc"},
    "channels.ID.namespace": {
        "channels: {C1: {namespace: ../etc}}": "channels.C1.namespace: ",
        "channels: {C1: {namespace: elsewhere}}": "elsewhere n'est pas dans namespaces / is not in namespaces",
    },
    "channels.ID.reads": {"channels: {C1: {reads: all}}": "attendu : 'private' ou 'public' / expected: 'private' or"},
    "channels.ID.writes": {"channels: {C1: {writes: no}}": "channels.C1.writes: "},
    "guests": {"guests: perhaps": "true ou false / expected: true or false ('perhaps')"},
    "retention_days": {
        "retention_days: 0": "au moins 1 / at least 1 (0)",
        "retention_days: 3651": "au plus 3650 / at most 3650 (3651)",
        "retention_days: long": "un nombre entier / expected: a whole number ('long')",
    },
}
WRONG_FILES = {
    "languages: fr": "languages: ce réglage n'existe pas / there is no such setting",
    "channels: {C1: {read: public}}": "channels.C1.read: ce réglage n'existe pas / there is no such setting",
    "[not, a, mapping]": "the file: attendu : un bloc / expected: a mapping",
    "language: [": "is not YAML",
}


def cases(table: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(name, value, said) for name, values in table.items() for value, said in values.items()]


def test_every_setting_has_its_row() -> None:
    assert {*WRONG_VARIABLES} | ANY_VALUE == {*VARIABLES}
    assert {*WRONG_FIELDS} == {name for name, _, _ in fields_of(Course)}


@pytest.mark.parametrize(("name", "value", "said"), cases(WRONG_VARIABLES))
def test_a_wrong_variable_is_named_with_a_right_example_and_no_secret_is_shown(
    name: str, value: str, said: str
) -> None:
    mode: Mode = "http" if name == "SLACK_SIGNING_SECRET" else "socket"
    environ = {**TOKENS, name: value}
    with pytest.raises(SettingsError, match=f"^{name}") as raised:
        log_format(environ), Settings.from_environment(environ, mode)
    assert said in str(raised.value)
    assert RIGHT in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert SECRET[1:] not in str(raised.value).replace(SECRET, "")


@pytest.mark.parametrize(
    ("field", "content", "said"), [*cases(WRONG_FIELDS), *(("TIMONIER_CONFIG", *one) for one in WRONG_FILES.items())]
)
def test_a_wrong_field_of_the_file_is_named_with_a_right_example(
    tmp_path: Path, field: str, content: str, said: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=field.split(".")[0]) as raised:
        course({"TIMONIER_CONFIG": str(file)})
    assert said in str(raised.value)
    assert str(raised.value).endswith(f"{RIGHT}\n{EXAMPLE}")


def test_the_example_of_the_errors_is_right_and_has_every_field(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(EXAMPLE)
    assert course({"TIMONIER_CONFIG": str(file)}).namespaces == ("equipe-rouge", "equipe-bleue")
    assert {*yaml.safe_load(EXAMPLE)} == {*Course.model_fields}


def test_tokens_alone_are_enough() -> None:
    settings = Settings.from_environment(TOKENS)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.course.language == "fr"


def test_each_mode_asks_for_its_own_secret_and_names_the_mode_that_was_meant() -> None:
    http = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET}
    assert Settings.from_environment(http, "http").signing_secret == SECRET
    with pytest.raises(SettingsError, match=r"SLACK_APP_TOKEN.*in HTTP mode, add --mode http"):
        Settings.from_environment(http)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", "sqlite:///timonier.db"),
        ("sqlite:////var/lib/timonier.db", "sqlite:////var/lib/timonier.db"),
        ("postgres://db/timonier", "postgresql+psycopg://db/timonier"),
        (
            "postgresql://t:hunter2@db:5432/timonier?sslmode=require",
            "postgresql+psycopg://t:hunter2@db:5432/timonier?sslmode=require",
        ),
    ],
)
def test_a_database_is_named_as_its_own_tools_name_it(given: str, read: str) -> None:
    assert Settings.from_environment({**TOKENS, "DATABASE_URL": given}).database_url == read


def test_a_log_is_text_or_json() -> None:
    assert [log_format(environ) for environ in ({}, {"TIMONIER_LOG": "json"})] == ["text", "json"]
