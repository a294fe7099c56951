"""What the bot counts and times, by Prometheus's rules for names and units; no label names a person."""

from collections.abc import Mapping

from prometheus_client import REGISTRY, Counter, Gauge, Histogram

from bot.language import Lang, Text

TOLD: Mapping[str, Text] = {
    "timonier_questions": Text("Questions, par leur issue.", "Questions, by what came of them."),
    "timonier_commands": Text(
        "Commandes, par verbe (none : pas comprise) et par leur issue.",
        "Commands, by verb (none: not understood) and what came of them.",
    ),
    "timonier_ack_seconds": Text(
        "De l'arrivée de ce que Slack envoie à son accusé de réception, pour lequel Slack laisse 3 s.",
        "From the arrival of what Slack sent to its acknowledgement, for which Slack gives 3 s.",
    ),
    "timonier_reply_seconds": Text(
        "Du moment où une entrée est gardée à sa réponse visible.",
        "From the moment that an input was kept to its visible reply.",
    ),
    "timonier_replies_sent_again": Text(
        "Réponses renvoyées que Slack a peut-être déjà montrées, et qui ne peuvent pas être cherchées.",
        "Replies sent again that Slack may have shown before, and that cannot be looked for.",
    ),
    "timonier_inputs_in_progress": Text(
        "Entrées que ce réplica est en train de traiter.", "Inputs that this replica is working on."
    ),
    "timonier_asyncio_tasks": Text(
        "Tâches asyncio de ce réplica ; stable au repos, quoi qu'il ait traité.",
        "This replica's asyncio tasks; steady at rest, whatever it has worked on.",
    ),
    "timonier_inputs_owed": Text(
        "Entrées de tous les réplicas qui sont gardées et n'ont pas encore de réponse.",
        "Inputs of all replicas that were kept and have no reply yet.",
    ),
    "timonier_slack_connections": Text(
        "Connexions ouvertes au socket de Slack : la première, et chaque reconnexion.",
        "Connections to Slack's socket that were opened: the first, and each reconnect.",
    ),
    "timonier_journal_bytes": Text(
        "La taille de la base de données du journal.", "The size of the journal's database."
    ),
}
TITLES = Text("| Métrique | Type | Ce qu'elle dit |", "| Metric | Type | What it tells |")


def _named(name: str) -> tuple[str, str]:
    return name, TOLD[name].en


QUESTIONS = Counter(*_named("timonier_questions"), ["outcome"])
COMMANDS = Counter(*_named("timonier_commands"), ["verb", "outcome"])
ACK = Histogram(*_named("timonier_ack_seconds"), buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3))
REPLY = Histogram(
    *_named("timonier_reply_seconds"), ["kind"], buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
)
SENT_AGAIN = Counter(*_named("timonier_replies_sent_again"))
IN_PROGRESS = Gauge(*_named("timonier_inputs_in_progress"))
TASKS = Gauge(*_named("timonier_asyncio_tasks"))
OWED = Gauge(*_named("timonier_inputs_owed"))
CONNECTIONS = Counter(*_named("timonier_slack_connections"))
JOURNAL = Gauge(*_named("timonier_journal_bytes"))


def table(lang: Lang) -> str:
    """A table of ours in Markdown, for the documentation."""
    rows = []
    for metric in REGISTRY.collect():
        if metric.name in TOLD:
            name = f"{metric.name}_total" if metric.type == "counter" else metric.name
            rows.append(f"| `{name}` | {metric.type} | {TOLD[metric.name][lang]} |")
    return "\n".join([TITLES[lang], "|---|---|---|", *sorted(rows)])
