"""Spans of time are written as kubectl writes them."""

from datetime import timedelta

import pytest

from bot.sandbox.ages import date, event_age, since, span


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (-2, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (121, "2m1s"),
        (599, "9m59s"),
        (600, "10m"),
        (10799, "179m"),
        (10800, "3h"),
        (11000, "3h3m"),
        (28800, "8h"),
        (172799, "47h"),
        (172800, "2d"),
        (180000, "2d2h"),
        (691200, "8d"),
        (86400 * 729, "729d"),
        (86400 * 730, "2y"),
        (86400 * 800, "2y70d"),
        (86400 * 365 * 9, "9y"),
    ],
)
def test_a_span_has_two_units_at_most(seconds: int, written: str) -> None:
    assert span(timedelta(seconds=seconds)) == written


def test_a_time_that_is_not_known_is_told_so() -> None:
    assert since(None) == "<unknown>"
    assert date(None) == "Mon, 01 Jan 0001 00:00:00 +0000"
    assert date("2026-11-24T10:00:00Z") == "Tue, 24 Nov 2026 10:00:00 +0000"


@pytest.mark.parametrize(
    ("event", "written"),
    [
        ({}, "<unknown>"),
        ({"count": 3}, "<unknown> (x3 over <unknown>)"),
        ({"series": {"count": 7}}, "<unknown> (x7 over <unknown>)"),
    ],
)
def test_a_repeated_event_tells_how_often(event: dict[str, object], written: str) -> None:
    assert event_age(event) == written
