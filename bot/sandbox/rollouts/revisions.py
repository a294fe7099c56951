"""The pod templates that a workload had: deployments keep them in replica sets, the others in controller revisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.sandbox.describing.workloads import owner_uid
from bot.sandbox.objects import Thing, pick
from bot.sandbox.table.kinds import CONTROLLER_REVISIONS, REPLICA_SETS
from bot.sandbox.table.rows import Kind

NUMBER = "deployment.kubernetes.io/revision"
CAUSE = "kubernetes.io/change-cause"
HASH = "pod-template-hash"


@dataclass(frozen=True, slots=True)
class Revision:
    """``name`` and ``annotations`` are those of the object that keeps the template.

    ``thing``: what kubectl shows of it, a replica set or the workload as it was.
    """

    number: int
    name: str
    template: Thing
    annotations: Mapping[str, str]
    thing: Thing

    @property
    def cause(self) -> str:
        """Why it was made, "" where nobody said."""
        return self.annotations.get(CAUSE) or ""


def keeper(workload: Thing) -> Kind:
    return REPLICA_SETS if workload["kind"] == "Deployment" else CONTROLLER_REVISIONS


def revisions(workload: Thing, kept: Iterable[Thing]) -> dict[int, Revision]:
    """By number, in order. ``kept``: the objects with the workload's labels, of which only its own count."""
    own = (one for one in kept if owner_uid(one) == pick(workload, "metadata.uid"))
    read = of_replica_set if workload["kind"] == "Deployment" else partial(of_controller_revision, workload)
    return {found.number: found for found in sorted(map(read, own), key=lambda found: found.number)}


def number_of(thing: Thing) -> int:
    """Of a deployment or one of its replica sets; 0 before its controller has seen it."""
    number = str(pick(thing, "metadata.annotations", {}).get(NUMBER, ""))
    return int(number) if number.isascii() and number.isdigit() else 0


def of_replica_set(replica_set: Thing) -> Revision:
    return Revision(
        number_of(replica_set),
        replica_set["metadata"]["name"],
        replica_set["spec"]["template"],
        pick(replica_set, "metadata.annotations", {}),
        replica_set,
    )


def plain(template: Thing) -> Thing:
    """As its workload has it: a replica set adds a label of its own."""
    labels = {key: value for key, value in pick(template, "metadata.labels", {}).items() if key != HASH}
    return {**template, "metadata": {**pick(template, "metadata", {}), "labels": labels}}


def without_type(claim: Thing) -> Thing:
    """kubectl shows claims inside of a set without their kind."""
    return {key: value for key, value in claim.items() if key not in ("apiVersion", "kind")}


def of_controller_revision(workload: Thing, kept: Thing) -> Revision:
    """It keeps a patch that puts its template in the place of another."""
    template = {key: value for key, value in pick(kept, "data.spec.template", {}).items() if key != "$patch"}
    claims = [without_type(claim) for claim in pick(workload, "spec.volumeClaimTemplates", ())]
    spec = {**workload["spec"], "template": template, **({"volumeClaimTemplates": claims} if claims else {})}
    as_it_was = {**workload, "spec": spec}
    annotations = pick(kept, "metadata.annotations", {})
    return Revision(kept["revision"], kept["metadata"]["name"], template, annotations, as_it_was)
