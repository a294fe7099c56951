"""The pages of docs/ are what the code says, and every setting and value is explained there."""

import re
import textwrap
from pathlib import Path

import pytest
import yaml

from bot.docs import REPOSITORY, VALUES, chart_values, fields, written
from bot.settings import Course

BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.S | re.M)


@pytest.mark.parametrize("page", written(), ids=lambda page: page.name)
def test_a_made_page_is_what_the_code_says(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == written()[page], "run `make docs` and commit"


@pytest.mark.parametrize(("fr", "en"), [("exploitation", "operators")])
def test_what_is_to_be_typed_is_the_same_in_both_languages(fr: str, en: str) -> None:
    typed = [BLOCK.findall((REPOSITORY / "docs" / path).read_text()) for path in (f"fr/{fr}.md", f"en/{en}.md")]
    assert len(typed[0]) > 10
    assert typed[0] == typed[1]


def test_the_course_that_the_operators_page_shows_is_one_that_the_bot_takes() -> None:
    [shown] = re.findall(r"```yaml\n(.*?)```", (REPOSITORY / "docs/en/operators.md").read_text(), re.S)
    values = yaml.safe_load(textwrap.dedent(shown))
    Course.model_validate({**values["config"], "namespaces": values["sandbox"]["namespaces"]})
    assert {*values} <= {*yaml.safe_load(VALUES.read_text(encoding="utf-8"))}


def test_the_fields_of_the_configuration_are_all_there() -> None:
    named = [row.split("`")[1].split(".")[0] for row in fields("en").splitlines()[2:]]
    assert set(named) == set(Course.model_fields)


def test_every_value_of_the_chart_has_its_row_and_its_meaning() -> None:
    rows = {name.strip("`"): means for name, _, means in chart_values(VALUES.read_text(encoding="utf-8"))}
    unexplained = {name for name, means in rows.items() if not means}
    assert all(name.startswith("sandbox.quota.") for name in unexplained)  # a Kubernetes resource is its own name
    for name in yaml.safe_load(VALUES.read_text(encoding="utf-8")):
        assert any(row.split(".")[0] == name for row in rows), name


def test_comments_above_and_behind_a_key_are_its_meaning_and_a_default_is_what_yaml_reads() -> None:
    text = '# Who.\npeople:\n  # In all,\n  # at most.\n  most: 3 # up\n  names: ["a b", c]\n\n# Stray\n\nport: "80"\n'
    assert list(chart_values(text)) == [
        ("`people`", "", "Who."),
        ("`people.most`", "`3`", "In all, at most. up"),
        ("`people.names`", '`["a b", "c"]`', ""),
        ("`port`", '`"80"`', ""),
    ]
