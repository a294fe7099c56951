"""Everything that can be set, from the environment and the YAML file of TIMONIER_CONFIG.

Every variable is named here and only here. A wrong value is one error that names the setting and shows a right example.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.language import Lang, Text

DNS_LABEL = r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
Namespace = Annotated[str, StringConstraints(pattern=DNS_LABEL)]
Mode = Literal["socket", "http"]
UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]+$")]
ChannelId = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]+$")]
UserGroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]+$")]

Visibility = Literal["private", "public"]

EXAMPLE = """\
language: fr
namespaces: [equipe-rouge, equipe-bleue]
students_write: []
read_only_namespaces: [kube-system]
trainers: {users: [U01TRAINER], user_groups: [], channel: C01TRAINERS}
channels:
  C01COURSE: {}
  C01ROUGE: {namespace: equipe-rouge, reads: public}
guests: false"""


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
    "DATABASE_URL=sqlite:////var/lib/timonier/timonier.db, "
    "DATABASE_URL=postgresql://timonier:…@db.example:5432/timonier?sslmode=verify-full"
)


@dataclass(frozen=True, slots=True)
class Variable:
    """For the documentation: what happens without it, and what it is, in Markdown."""

    without: str
    means: str


VARIABLES: Mapping[str, Variable] = {
    "SLACK_BOT_TOKEN": Variable("the bot does not start", "the bot token, `xoxb-…`"),
    "SLACK_APP_TOKEN": Variable(
        "the bot does not start, but with `serve --mode http`", "the app-level token with `connections:write`, `xapp-…`"
    ),
    "SLACK_SIGNING_SECRET": Variable(
        "with `serve --mode http`, the bot does not start",
        "what Slack signs its requests with; Socket Mode needs none",
    ),
    "SLACK_API_URL": Variable(
        "`https://slack.com/api/`", "another Slack, such as a local one: `http://127.0.0.1:3000/api/`"
    ),
    "KUBECONFIG": Variable(
        "the pod's own account",
        "the cluster and the bot's account, as a kubeconfig file; `tokenFile` is read again as it changes",
    ),
    "DATABASE_URL": Variable(
        "`sqlite:///timonier.db`",
        "the journal: SQLite for one replica, `sqlite:////var/lib/timonier/timonier.db`; PostgreSQL 13 or newer for "
        "several, `postgresql://timonier:…@db.example:5432/timonier?sslmode=verify-full` (then what libpq takes)",
    ),
    "PORT": Variable("`8080`", "where `/livez`, `/readyz` and `/metrics` answer, and in HTTP mode `/slack/events`"),
    "TIMONIER_HOST": Variable("all interfaces", "the address for `PORT`, e.g. `127.0.0.1`"),
    "TIMONIER_CONFIG": Variable("no team, no trainer: questions only", "the YAML file that says who is who, below"),
    "TIMONIER_KNOWLEDGE": Variable("the course that is shipped", "the folder of another base, as `--knowledge`"),
    "TIMONIER_LOG": Variable("`text`", "`json`: one object a line, with the `reference` that a person was shown"),
    "TIMONIER_PREPARING": Variable(
        "nothing is awaited", "the playground's: a file that is there while the cluster is being prepared"
    ),
}


RIGHT = "Un exemple juste / A right example:"
WRONG = {
    "literal_error": Text("attendu : {expected}", "expected: {expected}"),
    "extra_forbidden": Text("ce réglage n'existe pas", "there is no such setting"),
    "string_pattern_mismatch": Text("doit avoir la forme {pattern}", "must be of the form {pattern}"),
}


class SettingsError(Exception):
    """A setting is missing or wrong; the text is for the operator and holds no secret."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Trainers(_Strict):
    """Who may act: by user id or user group."""

    users: tuple[UserId, ...] = Field(default=(), description="trainers, by user id: `[U01TRAINER]`")
    user_groups: tuple[UserGroupId, ...] = Field(default=(), description="trainers, by user group: `[S01TRAINERS]`")
    channel: ChannelId | None = Field(default=None, description="where the class reaches its trainers: `C01TRAINERS`")


class Channel(_Strict):
    """A channel whose members are the course's people; with a namespace, they are that team's students."""

    namespace: Namespace | None = Field(
        default=None, description="the team's; whoever is in the channel is its student"
    )
    reads: Visibility = Field(
        default="private", description="who sees what `/k8s` reads there: its author, or all (`public`)"
    )
    writes: Visibility = Field(
        default="public", description="who sees what `/k8s` changes there: all, or its author (`private`)"
    )


class Course(_Strict):
    """The file of TIMONIER_CONFIG."""

    language: Lang = Field(
        default="fr", description="`fr` or `en`, when neither the person's choice nor Slack's locale says"
    )
    namespaces: tuple[Namespace, ...] = Field(default=(), description="the sandbox, one per team")
    students_write: tuple[Namespace, ...] = Field(
        default=(), description="those of them where the team's students may do what trainers may"
    )
    read_only_namespaces: tuple[Namespace, ...] = Field(
        default=("kube-system",), description="where everyone may look at pods, services and workloads"
    )
    trainers: Trainers = Trainers()
    channels: dict[ChannelId, Channel] = Field(
        default_factory=dict, description="whoever is in one of these may use the bot"
    )
    guests: bool = Field(default=False, description="whether guests of the workspace may use it too")
    retention_days: int = Field(
        default=180, ge=1, description="after so many days, what was asked and answered is forgotten"
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
            app_token=_token(environ, "SLACK_APP_TOKEN", "xapp-") if mode == "socket" else "",
            signing_secret=_signing_secret(environ) if mode == "http" else "",
            slack_api_url=_slack_api_url(environ.get("SLACK_API_URL") or "https://slack.com/api/"),
            kubeconfig=kubeconfig(environ),
            database_url=database_url(environ),
            port=_port(environ.get("PORT") or "8080"),
            knowledge=knowledge_folder(environ),
            preparing=_path(environ, "TIMONIER_PREPARING"),
            course=course(environ),
            host=environ.get("TIMONIER_HOST") or None,
        )


def course(environ: Mapping[str, str]) -> Course:
    """The course's settings alone: what the command line needs without Slack."""
    path = environ.get("TIMONIER_CONFIG")
    if not path:
        return Course()
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"TIMONIER_CONFIG: cannot read {path}: {error}") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"TIMONIER_CONFIG: {path} is not YAML: {error}\n{RIGHT}\n{EXAMPLE}") from error
    try:
        parsed = Course.model_validate(content or {})
    except ValidationError as error:
        problems = "\n".join(f"  {_place(e['loc'])}: {_wrong(e)} ({e['input']!r})" for e in error.errors())
        raise SettingsError(f"TIMONIER_CONFIG: {path}:\n{problems}\n{RIGHT}\n{EXAMPLE}") from error
    named = {
        "channels": {channel.namespace for channel in parsed.channels.values() if channel.namespace},
        "students_write": {*parsed.students_write},
    }
    for field, namespaces in named.items():
        if unknown := namespaces - {*parsed.namespaces}:
            raise SettingsError(
                f"TIMONIER_CONFIG: {path}: {field}: {', '.join(sorted(unknown))} "
                f"n'est pas dans namespaces / is not in namespaces.\n{RIGHT}\n{EXAMPLE}"
            )
    return parsed


def log_format(environ: Mapping[str, str]) -> Literal["text", "json"]:
    """Raises SettingsError."""
    match environ.get("TIMONIER_LOG") or "text":
        case "text":
            return "text"
        case "json":
            return "json"
        case other:
            raise SettingsError(f"TIMONIER_LOG: {other!r} is neither text nor json. A right example: TIMONIER_LOG=json")


def kubeconfig(environ: Mapping[str, str]) -> Path | None:
    """The cluster by KUBECONFIG; None is the in-cluster account."""
    return _path(environ, "KUBECONFIG")


def knowledge_folder(environ: Mapping[str, str]) -> Path | None:
    """None is the shipped base."""
    return _path(environ, "TIMONIER_KNOWLEDGE")


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _wrong(error: Any) -> str:
    """What is wrong with a field, in both languages where the words are ours."""
    if (words := WRONG.get(error["type"])) is None:
        return str(error["msg"])
    text = words.format(**error.get("ctx", {}))
    return f"{text.fr.replace(' or ', ' ou ')} / {text.en}"


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name)
    return Path(value) if value else None


def _token(environ: Mapping[str, str], name: str, prefix: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set. A right example: {name}={prefix}…")
    if not value.startswith(prefix):
        raise SettingsError(f"{name} does not start with {prefix}: is it another kind of token?")
    return value


def _signing_secret(environ: Mapping[str, str]) -> str:
    value = environ.get("SLACK_SIGNING_SECRET", "").strip()
    if not re.fullmatch(r"[0-9a-f]{32}", value):
        what = "does not look like one" if value else "is not set"
        raise SettingsError(
            f"SLACK_SIGNING_SECRET {what}: 32 digits and letters from a to f, under Basic Information in the app's "
            "settings. A right example: SLACK_SIGNING_SECRET=0123456789abcdef0123456789abcdef"
        )
    return value


def _slack_api_url(value: str) -> str:
    if not re.match(r"^https?://[^/]+/", value):
        raise SettingsError(
            f"SLACK_API_URL: {value!r} is no URL. A right example: SLACK_API_URL=https://slack.com/api/"
        )
    return value if value.endswith("/") else value + "/"


def database_url(environ: Mapping[str, str]) -> str:
    """The journal's database, with its driver; raises SettingsError, which shows no password."""
    value = environ.get("DATABASE_URL") or "sqlite:///timonier.db"
    scheme, separator, rest = value.partition("://")
    driver = _DRIVERS.get(scheme)
    if driver and separator and _DATABASES[driver].match(rest):
        return f"{driver}://{rest}"
    wrong = f"{scheme!r} is not supported" if not driver else f"after {scheme}:// comes {_AFTER[driver]}"
    raise SettingsError(f"DATABASE_URL: {wrong}. Right examples: {_DATABASE_EXAMPLES}")


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 <= int(value) <= 65535:
        raise SettingsError(f"PORT: {value!r} is no port. A right example: PORT=8080")
    return int(value)
