"""What is said of a change, of its pods, and what is asked first; the brake's command line."""

import pytest

from bot.errors import BadRequest
from bot.language import Text
from bot.sandbox import Brake, Change, asks_first
from bot.sandbox.admission import reason_of
from bot.sandbox.discovery import Catalog
from bot.sandbox.objects import holds
from bot.sandbox.parser import parse
from bot.sandbox.settling import Look, named

NOTHING = Catalog(())
QUOTA = 'pods "web-x" is forbidden: exceeded quota: serre, requested: pods=1, used: pods=4, limited: pods=4'


def scale(before: int, after: int) -> Change:
    fields = ({"spec": {"replicas": count}} for count in (before, after))
    return Change("scale", "deployment.apps", "web", "equipe-rouge", "u-1", *fields)


def made(name: str) -> Change:
    return Change("expose", "service", name, "equipe-rouge", "u-1", None, {"spec": {"type": "ClusterIP"}})


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ((scale(2, 5),), False),
        ((scale(5, 1),), False),
        ((scale(2, 0),), True),
        ((scale(0, 0),), False),
        ((scale(1, 2), scale(1, 2)), True),
        ((made("web"),), False),
        ((made("web").inverse,), True),
    ],
)
def test_no_pod_left_a_deletion_or_several_objects_are_asked_about(changes: tuple[Change, ...], asks: bool) -> None:
    assert asks_first(changes) is asks


def test_the_written_fields_are_compared_and_no_others() -> None:
    wrote = {"spec": {"replicas": 5}}
    assert holds(wrote, {"metadata": {"labels": {"new": "label"}}, "spec": {"replicas": 5, "paused": True}})
    assert not holds(wrote, {"spec": {"replicas": 4}})
    assert not holds(wrote, {})
    assert not holds({"spec": {"ports": [{"port": 80}]}}, {"spec": {"ports": [{"port": 80}, {"port": 81}]}})


def test_a_field_that_was_taken_away_is_to_be_absent() -> None:
    wrote = {"metadata": {"labels": {"tier": None}}}
    assert holds(wrote, {"metadata": {"labels": {"app": "web"}}})
    assert not holds(wrote, {"metadata": {"labels": {"tier": "front"}}})


def test_containers_are_compared_by_their_names() -> None:
    wrote = {"containers": [{"name": "web", "image": "nginx:1.27"}]}
    assert holds(wrote, {"containers": [{"name": "side"}, {"name": "web", "image": "nginx:1.27", "args": ["-v"]}]})
    assert not holds(wrote, {"containers": [{"name": "web", "image": "nginx:1.26"}]})
    assert not holds(wrote, {"containers": []})


@pytest.mark.parametrize(
    ("status", "french", "english"),
    [
        ({}, "`deployment.apps/web` : supprimé", "`deployment.apps/web`: deleted"),
        (
            {"replicas": 1},
            "`deployment.apps/web` : supprimé avec son pod",
            "`deployment.apps/web`: deleted with its pod",
        ),
        (
            {"replicas": 3},
            "`deployment.apps/web` : supprimé avec ses 3 pods",
            "`deployment.apps/web`: deleted with its 3 pods",
        ),
    ],
)
def test_a_deletion_says_what_goes_too_and_is_final(status: dict[str, int], french: str, english: str) -> None:
    change = Change("delete", "deployment.apps", "web", "equipe-rouge", "u-1", {"status": status}, None)
    assert change.told == Text(french, english)
    assert not change.can_be_undone


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (scale(2, 5), "kubectl scale deployment.apps/web -n equipe-rouge --replicas=2"),
        (made("web"), "kubectl delete service/web -n equipe-rouge"),
    ],
)
def test_what_undoes_a_change_is_a_line_of_kubectls(change: Change, line: str) -> None:
    assert change.can_be_undone
    assert change.undo_line == line


@pytest.mark.parametrize(
    ("look", "settled", "french", "english"),
    [
        (Look(5, 5, 5, "", True), True, "5 pods prêts sur 5.", "5 of 5 pods ready."),
        (Look(1, 1, 1, "", False), False, "1 pod prêt sur 1.", "1 of 1 pods ready."),
        (
            Look(3, 3, 2, "", True),
            False,
            "2 pods prêts sur 3 ; 1 démarre encore.",
            "2 of 3 pods ready; 1 still starting.",
        ),
        (
            Look(6, 4, 4, QUOTA, True),
            True,
            "4 pods prêts sur 6 ; 2 non créés : quota du namespace atteint (`pods=4`).",
            "4 of 6 pods ready; 2 not created: quota of the namespace reached (`pods=4`).",
        ),
        (Look(2, 0, 0, "", True), False, "0 pod prêt sur 2 ; 2 non créés.", "0 of 2 pods ready; 2 not created."),
        (Look(1, 3, 3, "", True), False, "2 pods s'arrêtent encore.", "2 pods still stopping."),
        (Look(0, 0, 0, "", True), True, "Plus aucun pod ne tourne.", "No pod runs any more."),
    ],
)
def test_a_look_is_told_in_one_sentence(look: Look, settled: bool, french: str, english: str) -> None:
    assert look.settled is settled
    assert (look.told["fr"], look.told["en"]) == (french, english)


def test_looks_at_several_objects_say_which() -> None:
    looks = [Text("2 pods prêts sur 2.", "2 of 2 pods ready.")] * 2
    assert named([scale(1, 2)], looks[:1]) == looks[:1]
    assert [look.en for look in named([scale(1, 2)] * 2, looks)] == ["`deployment.apps/web`: 2 of 2 pods ready."] * 2


def test_the_servers_words_on_pods_it_refuses_are_not_shown_whole() -> None:
    policy = "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: non"
    assert "règles du bac à sable" in reason_of(policy)["fr"]
    assert "PodSecurity" in reason_of('pods "x" is forbidden: violates PodSecurity "baseline:latest": …')["fr"]
    assert reason_of("whatever else")["fr"] == "le cluster les refuse"


@pytest.mark.parametrize(
    ("line", "where"), [("freeze", ""), ("geler equipe-rouge", "equipe-rouge"), ("unfreeze -n a", "a"), ("degeler", "")]
)
def test_the_brake_is_typed_like_any_command(line: str, where: str) -> None:
    command = parse(line.split(), NOTHING)
    assert isinstance(command, Brake)
    assert command.where == where
    assert not command.writes


@pytest.mark.parametrize("line", ["freeze a b", "freeze a -n b", "freeze ..", "unfreeze A"])
def test_the_brake_takes_one_namespace(line: str) -> None:
    with pytest.raises(BadRequest):
        parse(line.split(), NOTHING)
