import yaml

from bot.slack.manifest import manifest

URL = "https://bot.example.org/slack/events"


def test_for_http_slack_is_told_in_four_places_where_to_call() -> None:
    said = manifest(URL)
    app = yaml.safe_load(said)
    settings = app["settings"]
    assert app["features"]["slash_commands"][0]["url"] == URL
    assert settings["event_subscriptions"]["request_url"] == URL
    assert settings["interactivity"] == {"is_enabled": True, "request_url": URL, "message_menu_options_url": URL}
    assert settings["socket_mode_enabled"] is False
    assert "# /k8s" in said


def test_for_the_socket_slack_calls_nobody() -> None:
    app = yaml.safe_load(manifest(None))
    assert app["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(app)
