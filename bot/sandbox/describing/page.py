"""What `describe` writes on, and the blocks that many kinds have in common."""

from collections.abc import Iterable, Mapping, Sequence

from bot.sandbox.ages import event_age, read_time
from bot.sandbox.goprint import go_print
from bot.sandbox.objects import Thing, pick
from bot.sandbox.result import Lesson
from bot.sandbox.tabwriter import escape, tabulate

LONGEST_ANNOTATION = 140
HIDDEN_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"


class Page:
    """Lines of cells; a level is two spaces. ``str()`` lines the cells up. ``lesson``: of a failure that they show."""

    def __init__(self) -> None:
        self._done = ""
        self._text = ""
        self.lesson: Lesson | None = None

    def __str__(self) -> str:
        return self._done + tabulate(self.raw, least=0, gap=2)

    @property
    def raw(self) -> str:
        """With its tabs, since the last ``flush``."""
        return escape(self._text)

    def write(self, text: str, level: int = 0) -> None:
        """As it is, without a line break."""
        self._text += "  " * level + text

    def row(self, *cells: object, level: int = 0) -> None:
        self.write("\t".join(map(go_print, cells)) + "\n", level)

    def table(self, titles: Iterable[str], rows: Iterable[Sequence[object]], level: int = 1) -> None:
        """With a rule under the titles."""
        titles = list(titles)
        self.row(*titles, level=level)
        self.row(*("-" * len(title) for title in titles), level=level)
        for row in rows:
            self.row(*row, level=level)

    def flush(self) -> None:
        """What follows has columns of its own."""
        self._done, self._text = str(self), ""

    def lines(self, title: str, lines: Sequence[str], indent: str = "\t") -> None:
        """All behind one title, one below the other."""
        self.write(f"{title}:{indent}" + (indent.join(f"{line}\n" for line in lines) or "<none>\n"))

    def labels(self, title: str, labels: Mapping[str, str] | None) -> None:
        self.lines(title, [f"{key}={value}" for key, value in sorted((labels or {}).items())])

    def annotations(self, title: str, annotations: Mapping[str, str] | None) -> None:
        shown = sorted((key, value) for key, value in (annotations or {}).items() if key != HIDDEN_ANNOTATION)
        self.write(f"{title}:\t" + ("\t".join(annotation(*pair) for pair in shown) or "<none>\n"))

    def head(self, thing: Thing) -> None:
        self.row("Name:", pick(thing, "metadata.name"))
        self.row("Namespace:", pick(thing, "metadata.namespace"))

    def marks(self, thing: Thing) -> None:
        self.labels("Labels", pick(thing, "metadata.labels", None))
        self.annotations("Annotations", pick(thing, "metadata.annotations", None))

    def conditions(self, thing: Thing) -> None:
        """Of a workload: type, status, reason."""
        if conditions := pick(thing, "status.conditions", ()):
            self.row("Conditions:")
            self.row("Type", "Status", "Reason", level=1)
            self.row("----", "------", "------", level=1)
            for found in conditions:
                self.row(f"{found['type']} ", found["status"], found.get("reason", ""), level=1)

    def events(self, events: Iterable[Thing]) -> None:
        events = sorted(events, key=lambda event: read_time(event.get("lastTimestamp")))
        if not events:
            self.row("Events:", "<none>")
            return
        self.flush()
        self.row("Events:")
        self.row("Type", "Reason", "Age", "From", "Message", level=1)
        self.row("----", "------", "----", "----", "-------", level=1)
        for event in events:
            self.row(*event_row(event), level=1)


def annotation(key: str, value: str) -> str:
    value = value.removesuffix("\n")
    if len(value.encode()) + len(key) + 2 <= LONGEST_ANNOTATION and "\n" not in value:
        return f"{key}: {value}\n"
    return f"{key}:\n" + "".join(f"\t  {shorten(line, LONGEST_ANNOTATION - 2)}\n" for line in value.split("\n"))


def shorten(text: str, longest: int) -> str:
    data = text.encode()
    return text if len(data) <= longest else data[:longest].decode(errors="replace") + "..."


def event_row(event: Thing) -> tuple[object, ...]:
    source = pick(event, "source.component") or event.get("reportingComponent", "")
    field, message = pick(event, "involvedObject.fieldPath"), (event.get("message") or "").strip()
    told = f"{field}: {message}" if field else message
    return event.get("type", ""), event.get("reason", ""), event_age(event), source, told


def pairs(labels: Mapping[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or "<none>"


def controller(thing: Thing) -> str:
    """`ReplicaSet/web-5d4`, "" for one that nobody controls."""
    owners = (owner for owner in pick(thing, "metadata.ownerReferences", ()) if owner.get("controller"))
    return next((f"{owner['kind']}/{owner['name']}" for owner in owners), "")
