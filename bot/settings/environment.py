"""The environment, read here and nowhere else."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.language import Text
from bot.settings.course import Course, read
from bot.settings.errors import SettingsError

Mode = Literal["socket", "http"]

MISSING = Text("n'est pas défini", "is not set")
KINDS = {
    "xoxb-": Text("un jeton de bot", "a bot token"),
    "xapp-": Text("un jeton d'app", "an app-level token"),
    "xoxp-": Text("un jeton de personne", "a user token"),
    "xoxe": Text("un jeton qui expire", "a token that expires: token rotation is on"),
}
WHERE = {
    "xoxb-": Text(
        "api.slack.com/apps → votre app → OAuth & Permissions", "api.slack.com/apps → your app → OAuth & Permissions"
    ),
    "xapp-": Text(
        "api.slack.com/apps → votre app → Basic Information → App-Level Tokens",
        "api.slack.com/apps → your app → Basic Information → App-Level Tokens",
    ),
}
OTHER_KIND = Text(
    "c'est {kind}, il en faut un qui commence par {prefix} ({where})",
    "it is {kind}, and not one that starts with {prefix} ({where})",
)
NO_TOKEN = Text(
    "ce n'est pas un jeton qui commence par {prefix}, sans guillemets ni espaces ({where})",
    "it is no token that starts with {prefix}, without quotes or spaces ({where})",
)
HTTP_MODE = Text(
    "n'est pas défini, mais SLACK_SIGNING_SECRET l'est : en mode HTTP, ajoutez --mode http",
    "is not set, but SLACK_SIGNING_SECRET is: in HTTP mode, add --mode http",
)
NO_SECRET = Text(
    "il faut 32 chiffres et lettres de a à f (api.slack.com/apps → votre app → Basic Information)",
    "it takes 32 digits and letters from a to f (api.slack.com/apps → your app → Basic Information)",
)
NO_URL = Text("{value} n'est pas une URL", "{value} is no URL")
NO_PORT = Text("{value} n'est pas un port", "{value} is no port")

_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_DATABASES = {
    "sqlite": re.compile(r"/.+"),
    "postgresql+psycopg": re.compile(r"([^/?#]+@)?[^/?#@]+/[^/?#]+(\?.*)?$"),
}
_AFTER = {"sqlite": "/FILE", "postgresql+psycopg": "USER:PASSWORD@HOST/DATABASE"}
_DATABASE_EXAMPLES = (
    "sqlite:////var/lib/timonier/timonier.db, "
    "DATABASE_URL=postgresql://timonier:…@db.example:5432/timonier?sslmode=verify-full"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """No ``kubeconfig``: the in-cluster account; no ``host``: all interfaces. ``slack_api_url`` ends with a slash.

    ``app_token`` is the socket's, ``signing_secret`` that of HTTP mode; the other one is "".
    """

    bot_token: str
    app_token: str
    slack_api_url: str
    kubeconfig: Path | None
    database_url: str
    port: int
    knowledge: Path | None
    preparing: Path | None
    course: Course
    host: str | None = None
    mode: Mode = "socket"
    signing_secret: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], mode: Mode = "socket") -> "Settings":
        """Raises SettingsError naming the first variable or field that is missing or wrong."""
        return cls(
            mode=mode,
            bot_token=_token(environ, "SLACK_BOT_TOKEN", "xoxb-"),
            app_token=_app_token(environ) if mode == "socket" else "",
            signing_secret=_signing_secret(environ) if mode == "http" else "",
            slack_api_url=_slack_api_url(environ.get("SLACK_API_URL") or "https://slack.com/api/"),
            kubeconfig=kubeconfig(environ),
            database_url=database_url(environ),
            port=_port(environ.get("PORT") or "8080"),
            knowledge=knowledge_folder(environ),
            preparing=_path(environ, "TIMONIER_PREPARING"),
            course=course(environ),
            host=_host(environ.get("TIMONIER_HOST")),
        )


def course(environ: Mapping[str, str]) -> Course:
    """The course's settings alone: what the command line needs without Slack."""
    path = environ.get("TIMONIER_CONFIG")
    return read(path) if path else Course()


def log_format(environ: Mapping[str, str]) -> Literal["text", "json"]:
    """Raises SettingsError."""
    match environ.get("TIMONIER_LOG") or "text":
        case "text":
            return "text"
        case "json":
            return "json"
        case other:
            what = Text(f"{other!r} n'est ni text ni json", f"{other!r} is neither text nor json")
            raise SettingsError.of("TIMONIER_LOG", what, "json")


def kubeconfig(environ: Mapping[str, str]) -> Path | None:
    """The cluster by KUBECONFIG; None is the in-cluster account. Raises SettingsError."""
    path = _path(environ, "KUBECONFIG")
    if path and not path.is_file():
        what = Text(f"il n'y a pas de fichier {path}", f"there is no file {path}")
        raise SettingsError.of("KUBECONFIG", what, "/etc/rancher/k3s/k3s.yaml")
    return path


def knowledge_folder(environ: Mapping[str, str]) -> Path | None:
    """None is the shipped base. Raises SettingsError."""
    path = _path(environ, "TIMONIER_KNOWLEDGE")
    if path and not path.is_dir():
        what = Text(f"il n'y a pas de dossier {path}", f"there is no folder {path}")
        raise SettingsError.of("TIMONIER_KNOWLEDGE", what, "/srv/course/knowledge")
    return path


def database_url(environ: Mapping[str, str]) -> str:
    """The journal's database, with its driver; raises SettingsError, which shows no password."""
    value = environ.get("DATABASE_URL") or "sqlite:///timonier.db"
    scheme, separator, rest = value.partition("://")
    driver = _DRIVERS.get(scheme)
    if driver and separator and _DATABASES[driver].match(rest) and _is_port(value):
        return f"{driver}://{rest}"
    if driver:
        what = Text(f"après {scheme}:// vient {_AFTER[driver]}", f"after {scheme}:// comes {_AFTER[driver]}")
    else:
        what = Text(f"{scheme!r} n'est pas pris en charge", f"{scheme!r} is not supported")
    raise SettingsError.of("DATABASE_URL", what, _DATABASE_EXAMPLES)


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    return Path(value) if value else None


def _token(environ: Mapping[str, str], name: str, prefix: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError.of(name, MISSING, f"{prefix}…")
    if re.fullmatch(rf"{prefix}[\w-]+", value):
        return value
    kind = next((kind for other, kind in KINDS.items() if value.startswith(other) and other != prefix), None)
    what = OTHER_KIND if kind else NO_TOKEN
    raise SettingsError.of(name, what.format(kind=kind, prefix=prefix, where=WHERE[prefix]), f"{prefix}…")


def _app_token(environ: Mapping[str, str]) -> str:
    if environ.get("SLACK_SIGNING_SECRET") and not environ.get("SLACK_APP_TOKEN"):
        raise SettingsError.of("SLACK_APP_TOKEN", HTTP_MODE, "xapp-…")
    return _token(environ, "SLACK_APP_TOKEN", "xapp-")


def _signing_secret(environ: Mapping[str, str]) -> str:
    value = environ.get("SLACK_SIGNING_SECRET", "").strip()
    if not re.fullmatch(r"[0-9a-f]{32}", value):
        raise SettingsError.of(
            "SLACK_SIGNING_SECRET", NO_SECRET if value else MISSING, "0123456789abcdef0123456789abcdef"
        )
    return value


def _slack_api_url(value: str) -> str:
    if not re.match(r"^https?://[^/\s]+/", value) or not _is_port(value):
        raise SettingsError.of("SLACK_API_URL", NO_URL.format(value=repr(value)), "https://slack.com/api/")
    return value if value.endswith("/") else value + "/"


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 <= int(value) <= 65535:
        raise SettingsError.of("PORT", NO_PORT.format(value=repr(value)), "8080")
    return int(value)


def _is_port(url: str) -> bool:
    """Whether the URL's, where it has one, is a port."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _host(value: str | None) -> str | None:
    if value and value != "localhost":
        try:
            ipaddress.ip_address(value)
        except ValueError as error:
            what = Text(f"{value!r} n'est pas une adresse IP", f"{value!r} is no IP address")
            raise SettingsError.of("TIMONIER_HOST", what, "127.0.0.1") from error
    return value or None
