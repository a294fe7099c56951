"""The Slack app as Slack's "From a manifest" takes it: the repository's manifest.yaml, for the socket or for HTTP."""

import re
from pathlib import Path

SOCKET_MODE = Path(__file__).parents[2] / "manifest.yaml"


def manifest(url: str | None) -> str:
    """YAML with a reason for each scope; with a ``url``, Slack sends everything there in place of the socket."""
    text = SOCKET_MODE.read_text(encoding="utf-8")
    if url is None:
        return text
    text = text.replace("socket_mode_enabled: true", "socket_mode_enabled: false")
    text = _with_line_below(text, "- command: /k8s", f"  url: {url}")
    text = _with_line_below(text, "event_subscriptions:", f"  request_url: {url}")
    return _with_line_below(text, "interactivity:", f"  request_url: {url}", f"  message_menu_options_url: {url}")


def _with_line_below(text: str, line: str, *below: str) -> str:
    def add(found: re.Match[str]) -> str:
        return "".join([found[0], *(f"{found[1]}{one}\n" for one in below)])

    return re.sub(rf"^( *){re.escape(line)}\n", add, text, count=1, flags=re.MULTILINE)
