import yaml

from bot.sandbox.rights import RIGHTS_FILE, rights_file
from bot.sandbox.table import Right, Scope, rights
from bot.sandbox.table.kinds import NODES

CHART_PLACES: dict[Scope, tuple[str, ...]] = {
    "sandbox": ("sandbox",),
    "read-only": ("read-only",),
    "cluster": ("cluster", "named"),
}


def cells(rules: list[dict[str, list[str]]]) -> set[Right]:
    return {
        Right(verb, group, *resource.split("/"))
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def test_the_chart_has_the_rights_of_the_table() -> None:
    assert RIGHTS_FILE.read_text(encoding="utf-8") == rights_file(), "run `python -m bot.sandbox.rights` and commit"


def test_each_role_gets_exactly_its_cells() -> None:
    holders = yaml.safe_load(rights_file())
    for scope, places in CHART_PLACES.items():
        for role in ("student", "trainer"):
            granted = set().union(*(cells(holders[role][place]) for place in places))
            assert granted == set(rights(role, scope))


def test_the_bot_may_act_in_the_cells_of_either_role_and_do_nothing_itself() -> None:
    holders = yaml.safe_load(rights_file())
    for place in ("sandbox", "read-only", "cluster", "named"):
        acts = cells(holders["bot"][place])
        assert {right.verb.removeprefix("impersonate-on:user-info:") for right in acts}.isdisjoint(
            {"*", "impersonate", "escalate", "bind"}
        )
        assert acts == {
            Right(f"impersonate-on:user-info:{right.verb}", right.group, right.resource, right.subresource)
            for role in ("student", "trainer")
            for right in cells(holders[role][place])
        }


def test_namespaces_are_kept_apart_to_be_named_by_the_chart() -> None:
    student = yaml.safe_load(rights_file())["student"]
    assert {right.resource for right in cells(student["named"])} == {"namespaces"}
    reviews = {"selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews"}
    assert {right.resource for right in cells(student["cluster"])} == {NODES.resource, *reviews}


def test_no_rule_names_secrets_or_a_wildcard() -> None:
    for holder in yaml.safe_load(rights_file()).values():
        for rules in holder.values():
            for rule in rules:
                assert not {"secrets", "*"} & {*rule["resources"], *rule["apiGroups"], *rule["verbs"]}


def test_controller_revisions_are_listed_and_nothing_else() -> None:
    holders = yaml.safe_load(rights_file())
    for holder in ("student", "trainer"):
        granted = {right for rules in holders[holder].values() for right in cells(rules)}
        assert {right.verb for right in granted if right.resource == "controllerrevisions"} == {"list"}
