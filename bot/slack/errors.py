"""How Slack says no."""

from slack_sdk.errors import SlackApiError

from bot.language import Text

REFUSED = Text(
    "Slack le refuse ({error}) : copiez-le à nouveau d'api.slack.com/apps",
    "Slack refuses it ({error}): copy it again from api.slack.com/apps",
)


def error_of(failure: SlackApiError) -> str | None:
    """Slack's word for it, such as ``invalid_auth``; None where what answered is no Slack."""
    data = getattr(failure.response, "data", None)
    return data.get("error") if isinstance(data, dict) else None
