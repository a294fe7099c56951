from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, course, log_format

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_tokens_alone_are_enough() -> None:
    settings = Settings.from_environment(TOKENS)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.course.language == "fr"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({**TOKENS, "SLACK_BOT_TOKEN": "xapp-mixed-up"}, "SLACK_BOT_TOKEN"),
        ({**TOKENS, "PORT": "http"}, "PORT"),
        ({**TOKENS, "PORT": "65536"}, "PORT"),
        ({**TOKENS, "SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
        ({**TOKENS, "DATABASE_URL": "mysql://root:hunter2@db/"}, "DATABASE_URL"),
        ({**TOKENS, "DATABASE_URL": "postgresql://timonier:hunter2@db"}, "DATABASE_URL"),
        ({**TOKENS, "DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        ({**TOKENS, "TIMONIER_CONFIG": "/nowhere.yaml"}, "TIMONIER_CONFIG"),
    ],
)
def test_a_wrong_variable_is_named_and_no_secret_is_shown(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as raised:
        Settings.from_environment(environ)
    assert "mixed-up" not in str(raised.value)
    assert "hunter2" not in str(raised.value)


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


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("language: de", "language"),
        ("languages: fr", "languages"),
        ("trainers: {users: [anna]}", "trainers.users.0"),
        ("channels: {C1: {namespace: ../etc}}", "channels.C1.namespace"),
        ("channels: {C1: {namespace: elsewhere}}", "elsewhere n'est pas dans namespaces / is not in namespaces"),
        ("channels: {general: {}}", "channels.general"),
        ("retention_days: 0", "retention_days"),
        ("channels: {C1: {reads: all}}", "channels.C1.reads: attendu : 'private' ou 'public' / expected: 'private' or"),
        ("channels: {C1: {writes: no}}", "channels.C1.writes"),
        ("channels: {C1: {read: public}}", "channels.C1.read: ce réglage n'existe pas / there is no such setting"),
        ("[not, a, mapping]", "the file"),
        ("language: [", "is not YAML"),
    ],
)
def test_a_wrong_field_of_the_file_is_named_with_a_right_example(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(content)
    with pytest.raises(SettingsError, match=named) as raised:
        course({"TIMONIER_CONFIG": str(file)})
    assert "Un exemple juste / A right example" in str(raised.value)


def test_each_mode_asks_for_its_own_secret() -> None:
    http = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2}
    assert Settings.from_environment(http, "http").mode == "http"
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        Settings.from_environment(http)
    for wrong in ("", "hunter2"):
        with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET") as raised:
            Settings.from_environment({**http, "SLACK_SIGNING_SECRET": wrong}, "http")
        assert "A right example" in str(raised.value)
        assert "hunter2" not in str(raised.value)


def test_a_log_is_text_or_json() -> None:
    assert [log_format(environ) for environ in ({}, {"TIMONIER_LOG": "json"})] == ["text", "json"]
    with pytest.raises(SettingsError, match="TIMONIER_LOG"):
        log_format({"TIMONIER_LOG": "xml"})


def test_the_example_of_the_errors_is_right(tmp_path: Path) -> None:
    from bot.settings import EXAMPLE

    file = tmp_path / "config.yaml"
    file.write_text(EXAMPLE)
    assert course({"TIMONIER_CONFIG": str(file)}).namespaces == ("equipe-rouge", "equipe-bleue")
