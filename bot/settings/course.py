"""The file of TIMONIER_CONFIG: who is who, and what a course decides for itself.

The ``Text`` of a field is its row in the documentation, in Markdown.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.language import Lang, Text
from bot.settings.errors import RIGHT, SettingsError

USER, CHANNEL, GROUP = r"^[UW][A-Z0-9]+$", r"^[CG][A-Z0-9]+$", r"^S[A-Z0-9]+$"
DNS_LABEL = r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
Namespace = Annotated[str, StringConstraints(pattern=DNS_LABEL)]
UserId = Annotated[str, StringConstraints(pattern=USER)]
ChannelId = Annotated[str, StringConstraints(pattern=CHANNEL)]
UserGroupId = Annotated[str, StringConstraints(pattern=GROUP)]
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
guests: false
retention_days: 180"""

LOOKS_LIKE = {
    USER: Text(
        "un identifiant de personne, comme U01TRAINER (son profil → ⋮ → Copier l'identifiant du membre)",
        "a person's id, like U01TRAINER (their profile → ⋮ → Copy member ID)",
    ),
    CHANNEL: Text(
        "un identifiant de canal, comme C01COURSE (le nom du canal → À propos, tout en bas)",
        "a channel's id, like C01COURSE (the channel's name → About, at the bottom)",
    ),
    GROUP: Text("un identifiant de groupe, comme S01TRAINERS", "a user group's id, like S01TRAINERS"),
    DNS_LABEL: Text("un nom de namespace, comme equipe-rouge", "a namespace's name, like equipe-rouge"),
}
EXPECTED = Text("attendu : {what}", "expected: {what}")
NUMBER, LIST, MAPPING = (
    Text("un nombre entier", "a whole number"),
    Text("une liste", "a list"),
    Text("un bloc", "a mapping"),
)
YES_OR_NO = Text("true ou false", "true or false")
BY_TYPE = {
    "extra_forbidden": Text("ce réglage n'existe pas", "there is no such setting"),
    "greater_than_equal": Text("au moins {ge}", "at least {ge}"),
    "less_than_equal": Text("au plus {le}", "at most {le}"),
    "string_type": EXPECTED.format(what=Text("un texte", "a text")),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), EXPECTED.format(what=NUMBER)),
    **dict.fromkeys(("bool_type", "bool_parsing"), EXPECTED.format(what=YES_OR_NO)),
    "tuple_type": EXPECTED.format(what=LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), EXPECTED.format(what=MAPPING)),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Trainers(_Strict):
    """Who may act: by user id or user group."""

    users: Annotated[
        tuple[UserId, ...],
        Text("formateurs, par identifiant : `[U01TRAINER]`", "trainers, by user id: `[U01TRAINER]`"),
    ] = ()
    user_groups: Annotated[
        tuple[UserGroupId, ...],
        Text("formateurs, par groupe d'utilisateurs : `[S01TRAINERS]`", "trainers, by user group: `[S01TRAINERS]`"),
    ] = ()
    channel: Annotated[
        ChannelId | None,
        Text(
            "où la classe atteint ses formateurs : `C01TRAINERS`", "where the class reaches its trainers: `C01TRAINERS`"
        ),
    ] = None


class Channel(_Strict):
    """A channel whose members are the course's people; with a namespace, they are that team's students."""

    namespace: Annotated[
        Namespace | None,
        Text(
            "celui de l'équipe : qui est dans le canal est son étudiant",
            "the team's; whoever is in the channel is its student",
        ),
    ] = None
    reads: Annotated[
        Visibility,
        Text(
            "qui voit ce que `/k8s` y lit : son auteur, ou tous (`public`)",
            "who sees what `/k8s` reads there: its author, or all (`public`)",
        ),
    ] = "private"
    writes: Annotated[
        Visibility,
        Text(
            "qui voit ce que `/k8s` y change : tous, ou son auteur (`private`)",
            "who sees what `/k8s` changes there: all, or its author (`private`)",
        ),
    ] = "public"


class Course(_Strict):
    """The file of TIMONIER_CONFIG."""

    language: Annotated[
        Lang,
        Text(
            "`fr` ou `en`, quand ni le choix de la personne ni la langue de Slack ne le disent",
            "`fr` or `en`, when neither the person's choice nor Slack's locale says",
        ),
    ] = "fr"
    namespaces: Annotated[
        tuple[Namespace, ...], Text("le bac à sable, un par équipe", "the sandbox, one per team")
    ] = ()
    students_write: Annotated[
        tuple[Namespace, ...],
        Text(
            "ceux où les étudiants de l'équipe peuvent ce que peuvent les formateurs",
            "those of them where the team's students may do what trainers may",
        ),
    ] = ()
    read_only_namespaces: Annotated[
        tuple[Namespace, ...],
        Text(
            "où chacun peut regarder pods, services et workloads",
            "where everyone may look at pods, services and workloads",
        ),
    ] = ("kube-system",)
    trainers: Trainers = Trainers()
    channels: Annotated[
        dict[ChannelId, Channel],
        Text("qui est dans l'un d'eux peut se servir du bot", "whoever is in one of these may use the bot"),
    ] = Field(default_factory=dict)
    guests: Annotated[
        bool, Text("si les invités du workspace le peuvent aussi", "whether guests of the workspace may use it too")
    ] = False
    retention_days: Annotated[
        int,
        Field(ge=1, le=3650),
        Text(
            "après tant de jours, ce qui a été demandé et répondu est oublié ; 3650 au plus",
            "after so many days, what was asked and answered is forgotten; 3650 at most",
        ),
    ] = 180


def read(path: str) -> Course:
    """Raises SettingsError naming all that is wrong."""
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _error(path, f"illisible / cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise _error(path, f"n'est pas du YAML / is not YAML: {error}") from error
    try:
        parsed = Course.model_validate(content or {})
    except ValidationError as error:
        problems = (f"  {_place(e['loc'])}: {_wrong(e)} ({e['input']!r})" for e in error.errors())
        raise _error(path, "\n" + "\n".join(problems)) from error
    named = {
        "channels": {channel.namespace for channel in parsed.channels.values() if channel.namespace},
        "students_write": {*parsed.students_write},
    }
    for field, namespaces in named.items():
        if unknown := ", ".join(sorted(namespaces - {*parsed.namespaces})):
            raise _error(path, f"{field}: {unknown} n'est pas dans namespaces / is not in namespaces")
    return parsed


def _error(path: str, what: str) -> SettingsError:
    return SettingsError(f"TIMONIER_CONFIG: {path}: {what}\n{RIGHT}\n{EXAMPLE}")


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "le fichier / the file"


def _wrong(error: Any) -> str:
    """What is wrong with a field, in both languages where the words are ours."""
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            text = EXPECTED.format(what=Text(context["expected"].replace(" or ", " ou "), context["expected"]))
        case "string_pattern_mismatch" if context["pattern"] in LOOKS_LIKE:
            text = EXPECTED.format(what=LOOKS_LIKE[context["pattern"]])
        case known if known in BY_TYPE:
            text = BY_TYPE[known].format(**context)
        case _:
            return str(error["msg"])
    return f"{text.fr} / {text.en}"
