"""Templates of people: bounded in length, depth and work; what golden lines cannot show."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.formats import print_columns, print_template, read_columns, read_order, read_template, sort_by
from bot.sandbox.jsonpath import JsonPathError, TooMuch
from bot.sandbox.quantity import Quantity, read_quantity, total
from bot.sandbox.tabwriter import tabulate

THING: dict[str, Any] = {"a": [{"b": 1, "c": "x"}, {"b": 2}, {"b": 2.5}], "n": None, "t": "té", "f": 2.0}


def applied(template: str, thing: object = THING) -> str:
    assert isinstance(thing, dict)
    return print_template(read_template(template), thing, as_json=False)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{.n}", "null"),
        ("{.n.x}{.t.x}", ""),
        ("{.f}", "2"),
        ("{.t.*}", "116 195 169"),
        ("{.a[*].b}", "1 2 2.5"),
        ("{.a[0:2].b}", "1 2"),
        ("{.a[1:1].b}", ""),
        ("{range .nothing}{.x}{end}after", "after"),
        ("{range .a[*]}{.b}{range .c}[{@}]{end};{end}", "1[x];2;2.5;"),
        ("{.a[?(@.c)].b}{.a[?(@.nothing)]}", "1"),
        ("{..b}", "1 2 2.5"),
    ],
)
def test_a_template_stands_for_what_client_go_makes_of_it(template: str, printed: str) -> None:
    assert applied(template) == printed


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{.t[0]}", "string is not array or slice"),
        ("{.a[5]}", "array index out of bounds: index 5, length 3"),
        ("{.a[2:1]}", "starting index 2 is greater than ending index 1"),
        ("{.a[::0]}", "step must be > 0"),
        ("{.a[?(@.b==2)]}", "incompatible types for comparison"),
        ("{.a[?(@.c=1)]}", "unrecognized filter operator ="),
        ("{.t[?(@.b==2)]}", "string is not array or slice and cannot be filtered"),
        ("{foo}", "unrecognized identifier foo"),
        ("{end}", "not in range, nothing to end"),
    ],
)
def test_what_does_not_fit_is_told_in_client_gos_words(template: str, words: str) -> None:
    with pytest.raises(JsonPathError) as error:
        applied(template)
    assert str(error.value) == words


@pytest.mark.parametrize("template", ["{" + ".a" * 600 + "}", "{" + "[?(@.a" * 30 + ")]" * 30 + "}"])
def test_a_template_is_bounded_in_length_and_depth(template: str) -> None:
    with pytest.raises(JsonPathError):
        applied(template)


@pytest.mark.parametrize(
    "template",
    [
        "{..}",
        "{range ..}{range ..}{range ..}{end}{end}{end}",
        "{range .items[*]}{$}{@}{.}{..}{end}",
    ],
)
def test_a_template_is_bounded_in_work_and_output(template: str) -> None:
    big = {"items": [{"spec": {"containers": [{"name": f"c{n}", "args": ["x" * 50] * 9}]}} for n in range(2000)]}
    started = time.monotonic()
    with pytest.raises(TooMuch):
        applied(template, big)
    assert time.monotonic() - started < 5


@settings(deadline=None)
@given(st.text("{}[]().*@$,:?'\"\\-0123456789abrange end=<>!|", max_size=40))
def test_any_template_is_read_and_applied_or_refused(template: str) -> None:
    try:
        applied("{" + template + "}")
        print_columns(read_columns(f"A:{template}"), [THING], headers=True)
    except JsonPathError:
        return


@pytest.mark.parametrize(
    ("path", "order"),
    [
        (".n", [1, 2, 10, 30]),
        ("n", [1, 2, 10, 30]),
        ("{.q}", [30, 2, 1, 10]),
        (".s", [2, 30, 1, 10]),
    ],
)
def test_numbers_quantities_and_texts_have_their_own_order(path: str, order: list[int]) -> None:
    things = [
        {"n": 10, "q": "1Gi", "s": "c"},
        {"n": 1, "q": "2M", "s": "b"},
        {"n": 2, "q": "1500", "s": "a"},
        {"n": 30, "q": "100m", "s": "aa"},
    ]
    assert [thing["n"] for thing in sort_by(read_order(path), things, lambda thing: thing)] == order


def test_many_things_are_sorted_too_and_those_without_the_field_come_first() -> None:
    things = [{"n": n} if n % 2 else {"m": n} for n in range(40, 0, -1)]
    done = sort_by(read_order(".n"), things, lambda thing: thing)
    assert [thing.get("n") for thing in done] == [None] * 20 + [*range(1, 41, 2)]


@pytest.mark.parametrize("value", [{"a": 1}, [1], True])
def test_what_has_no_order_is_refused(value: object) -> None:
    with pytest.raises(JsonPathError):
        sort_by(read_order(".n"), [{"n": value}, {"n": value}], lambda thing: thing)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100m", "100m"),
        ("1000m", "1"),
        ("0.1", "100m"),
        ("2048Mi", "2Gi"),
        ("1e3", "1k"),
        ("1.5Gi", "1536Mi"),
        ("512", "512"),
        ("0", "0"),
        ("12E", "12E"),
    ],
)
def test_a_quantity_is_written_as_the_api_server_would(text: str, written: str) -> None:
    quantity = read_quantity(text)
    assert quantity is not None
    assert str(quantity) == written


@pytest.mark.parametrize("text", ["", "x", "1Xi", "1 Gi", "Gi", "1.2.3", "2026-11-24"])
def test_what_is_no_quantity_is_not_taken_for_one(text: str) -> None:
    assert read_quantity(text) is None


def test_quantities_are_added_in_the_form_of_the_first() -> None:
    parts = [read_quantity(text) for text in ("64Mi", "1Gi", "100M")]
    assert str(total(part for part in parts if part)) == "1240850688"
    assert str(total([])) == "0"
    assert Quantity().milli == 0


def test_cells_line_up_with_the_lines_around_them_only() -> None:
    text = "a\tb\tc\nlong word\tx\ny\nz\tlast\n"
    assert tabulate(text, least=0, gap=2) == "a          b  c\nlong word  x\ny\nz  last\n"
