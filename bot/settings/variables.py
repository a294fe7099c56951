"""Every variable of the environment, for the documentation: what happens without it, and what it is, in Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.language import Text


@dataclass(frozen=True, slots=True)
class Variable:
    """A row of the documentation's table."""

    without: Text
    means: Text


def _itself(default: str) -> Text:
    return Text(default, default)


VARIABLES: Mapping[str, Variable] = {
    "SLACK_BOT_TOKEN": Variable(
        Text("le bot ne démarre pas", "the bot does not start"),
        Text("le jeton du bot, `xoxb-…`", "the bot token, `xoxb-…`"),
    ),
    "SLACK_APP_TOKEN": Variable(
        Text(
            "le bot ne démarre pas, sauf avec `serve --mode http`",
            "the bot does not start, but with `serve --mode http`",
        ),
        Text(
            "le jeton de l'app, avec `connections:write`, `xapp-…`",
            "the app-level token with `connections:write`, `xapp-…`",
        ),
    ),
    "SLACK_SIGNING_SECRET": Variable(
        Text("avec `serve --mode http`, le bot ne démarre pas", "with `serve --mode http`, the bot does not start"),
        Text(
            "ce avec quoi Slack signe ses requêtes ; le mode socket n'en a pas besoin",
            "what Slack signs its requests with; Socket Mode needs none",
        ),
    ),
    "SLACK_API_URL": Variable(
        _itself("`https://slack.com/api/`"),
        Text(
            "un autre Slack, par exemple un Slack local : `http://127.0.0.1:3000/api/`",
            "another Slack, such as a local one: `http://127.0.0.1:3000/api/`",
        ),
    ),
    "KUBECONFIG": Variable(
        Text("le compte du pod", "the pod's own account"),
        Text(
            "le cluster et le compte du bot, un fichier kubeconfig ; `tokenFile` est relu quand il change",
            "the cluster and the bot's account, as a kubeconfig file; `tokenFile` is read again as it changes",
        ),
    ),
    "DATABASE_URL": Variable(
        _itself("`sqlite:///timonier.db`"),
        Text(
            "le journal : SQLite pour un réplica, `sqlite:////var/lib/timonier/timonier.db` ; PostgreSQL 13 ou plus "
            "récent pour plusieurs, `postgresql://timonier:…@db.example:5432/timonier?sslmode=verify-full` "
            "(puis ce que libpq accepte)",
            "the journal: SQLite for one replica, `sqlite:////var/lib/timonier/timonier.db`; PostgreSQL 13 or newer "
            "for several, `postgresql://timonier:…@db.example:5432/timonier?sslmode=verify-full` "
            "(then what libpq takes)",
        ),
    ),
    "PORT": Variable(
        _itself("`8080`"),
        Text(
            "où répondent `/livez`, `/readyz` et `/metrics`, et en mode HTTP `/slack/events`",
            "where `/livez`, `/readyz` and `/metrics` answer, and in HTTP mode `/slack/events`",
        ),
    ),
    "TIMONIER_HOST": Variable(
        Text("toutes les interfaces", "all interfaces"),
        Text("l'adresse pour `PORT`, par exemple `127.0.0.1`", "the address for `PORT`, e.g. `127.0.0.1`"),
    ),
    "TIMONIER_CONFIG": Variable(
        Text("ni équipe ni formateur : des questions seulement", "no team, no trainer: questions only"),
        Text("le fichier YAML qui dit qui est qui, ci-dessous", "the YAML file that says who is who, below"),
    ),
    "TIMONIER_KNOWLEDGE": Variable(
        Text("le cours livré", "the course that is shipped"),
        Text("le dossier d'une autre base, comme `--knowledge`", "the folder of another base, as `--knowledge`"),
    ),
    "TIMONIER_LOG": Variable(
        _itself("`text`"),
        Text(
            "`json` : un objet par ligne, avec la `reference` montrée à la personne",
            "`json`: one object a line, with the `reference` that a person was shown",
        ),
    ),
    "TIMONIER_PREPARING": Variable(
        Text("rien n'est attendu", "nothing is awaited"),
        Text(
            "celui de la démonstration : un fichier présent tant que le cluster se prépare",
            "the playground's: a file that is there while the cluster is being prepared",
        ),
    ),
}
