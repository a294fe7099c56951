"""What the bot counts and times, by Prometheus's rules for names and units; no label names a person."""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram

QUESTIONS = Counter("timonier_questions", "Questions, by what came of them.", ["outcome"])
COMMANDS = Counter(
    "timonier_commands", "Commands, by verb (none: not understood) and what came of them.", ["verb", "outcome"]
)
ACK = Histogram(
    "timonier_ack_seconds",
    "From the arrival of what Slack sent to its acknowledgement, for which Slack gives 3 s.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
REPLY = Histogram(
    "timonier_reply_seconds",
    "From the moment that an input was kept to its visible reply.",
    ["kind"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
SENT_AGAIN = Counter(
    "timonier_replies_sent_again", "Replies sent again that Slack may have shown before, and that cannot be looked for."
)
IN_PROGRESS = Gauge("timonier_inputs_in_progress", "Inputs that this replica is working on.")
OWED = Gauge("timonier_inputs_owed", "Inputs of all replicas that were kept and have no reply yet.")
CONNECTIONS = Counter(
    "timonier_slack_connections", "Connections to Slack's socket that were opened: the first, and each reconnect."
)
JOURNAL = Gauge("timonier_journal_bytes", "The size of the journal's database.")


def table() -> str:
    """A table of ours in Markdown, for the documentation."""
    rows = []
    for metric in REGISTRY.collect():
        if metric.name.startswith("timonier_"):
            name = f"{metric.name}_total" if metric.type == "counter" else metric.name
            rows.append(f"| `{name}` | {metric.type} | {metric.documentation} |")
    return "\n".join(["| Metric | Type | What it tells |", "|---|---|---|", *sorted(rows)])
