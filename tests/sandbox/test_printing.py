"""Cutting, and what golden lines do not show of tables, JSON and errors."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import cut, goyaml
from bot.sandbox.discovery import Resource
from bot.sandbox.printing import Sheet, Style, print_error, print_json, print_tables
from bot.sandbox.table.kinds import PODS

TABLE = "NAME   READY   STATUS\nweb    1/1     Running\napi    0/1     Pending\n"
TWO_TABLES = f"{TABLE}\nNAME          TYPE\nservice/web   ClusterIP\n"


@pytest.mark.parametrize(
    ("stdout", "limit", "kept", "shown", "total"),
    [
        (TABLE, 1000, TABLE, 2, 2),
        (TABLE, len(TABLE) - 1, TABLE[: TABLE.index("api")], 1, 2),
        (TABLE, 25, "NAME   READY   STATUS\n", 0, 2),
        (TABLE, 3, "", 0, 2),
        (TWO_TABLES, 1000, TWO_TABLES, 3, 3),
        (TWO_TABLES, len(TABLE) + 30, TABLE + "\nNAME          TYPE\n", 2, 3),
        ("pod/web\npod/api\n", 10, "pod/web\n", 1, 2),
        ("", 10, "", 0, 0),
    ],
)
def test_long_output_is_cut_at_whole_rows(stdout: str, limit: int, kept: str, shown: int, total: int) -> None:
    assert cut(stdout, limit) == (kept, shown, total)


def sheet(*rows: list[object]) -> Sheet:
    columns: list[dict[str, Any]] = [
        {"name": "Name", "type": "string", "format": "name"},
        {"name": "Message", "type": "string"},
    ]
    return Sheet(Resource(PODS, "v1", "Pod", "pod", True), columns, [{"cells": row} for row in rows])


def test_a_cell_is_one_line_and_moves_no_cursor() -> None:
    printed = print_tables([sheet(["web", "first\nsecond"], ["api", "\x1b[31mred"])], Style())
    assert printed == "NAME   MESSAGE\nweb    first...\napi    ^[[31mred\n"


def test_cells_of_other_types_and_missing_ones_are_printed() -> None:
    printed = print_tables([sheet(["web", 3], ["api", None], ["db"], ["x", True])], Style())
    assert printed == "NAME   MESSAGE\nweb    3\napi    \ndb     \nx      true\n"


def test_json_is_escaped_as_go_does() -> None:
    assert (
        print_json({"b": "<&>\u2028é\t", "a": []})
        == '{\n    "a": [],\n    "b": "\\u003c\\u0026\\u003e\\u2028é\\t"\n}\n'
    )


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ({"reason": "NotFound", "message": 'pods "x" not found'}, 'Error from server (NotFound): pods "x" not found'),
        ({"message": "no"}, "Error from server: no"),
        ({"reason": "Invalid", "message": "denied"}, "The request is invalid: denied"),
        (
            {
                "reason": "Invalid",
                "message": "m",
                "details": {"kind": "Service", "name": "f", "causes": [{"field": "a", "message": "b"}]},
            },
            'The Service "f" is invalid: a: b',
        ),
        (
            {"reason": "Invalid", "message": "m", "details": {"kind": "Service", "name": "f"}},
            'The Service "f" is invalid',
        ),
    ],
)
def test_errors_are_in_kubectls_words(status: dict[str, Any], line: str) -> None:
    assert print_error(status) == line


# No key has two lines; and PyYAML takes a bare = for a type of YAML 1.1 that it cannot read.
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r="), max_size=20)
TEXTS = st.text(max_size=120).filter("=".__ne__)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**31), 2**31), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_any_object_is_read_back_from_its_yaml(thing: dict[str, Any]) -> None:
    assert yaml.safe_load(goyaml.dump(thing)) == thing


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": []}, "a: []\n"),
        ({"a": {}}, "a: {}\n"),
        ({"a": [{"b": 1, "c": [2]}, [3, 4]]}, "a:\n- b: 1\n  c:\n  - 2\n- - 3\n  - 4\n"),
        ({"port-10": 1, "port-2": 2, "Z": 3, "_": 4}, "_: 4\nZ: 3\nport-2: 2\nport-10: 1\n"),
        ({"a": "b\nc"}, "a: |-\n  b\n  c\n"),
        ({"a": "0b1"}, 'a: "0b1"\n'),
        ({"a": "2026-02-31"}, "a: 2026-02-31\n"),
        ({"a": "1e999"}, "a: 1e999\n"),
    ],
)
def test_yaml_is_written_as_go_yaml_does(value: object, written: str) -> None:
    assert goyaml.dump(value) == written
