"""Medians, ratios and verdicts of the bench, from figures that were never measured."""

import json

import pytest

from bench.figures import MEGABYTES, Figure, Verdict, amount, table


def test_medians_are_held_against_each_other_whatever_one_round_took() -> None:
    figure = Figure("fan-out", "500 schools", ours=[0.2, 9.0, 0.3], limit=[0.1, 0.2, 0.15], goal=2.0)
    assert (figure.median, figure.limit_median) == (0.3, 0.15)
    assert figure.ratio == pytest.approx(2.0)
    assert figure.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("ours", "verdict"), [(2.0, Verdict.OK), (2.004, Verdict.OK), (2.006, Verdict.OVER), (0.1, Verdict.OK)]
)
def test_the_verdict_is_about_the_ratio_as_the_table_shows_it(ours: float, verdict: Verdict) -> None:
    assert Figure("chase", "", ours=[ours], limit=[1.0], goal=2.0).verdict is verdict


def test_a_page_that_asks_more_of_a_large_country_is_over_however_fast_it_is() -> None:
    page = Figure("matrix", "", ours=[1.0], limit=[1.0], goal=1.5, queries=(11, 12))
    assert page.verdict is Verdict.OVER
    assert page.remark == "11/12 queries"


def test_as_many_queries_at_both_sizes_are_named_once() -> None:
    page = Figure("matrix", "", ours=[1.0], limit=[1.0], goal=1.5, queries=(11, 11), note="ministry")
    assert page.verdict is Verdict.OK
    assert page.remark == "11 queries; ministry"


def test_without_a_limit_or_a_goal_there_is_no_verdict() -> None:
    alone = Figure("letters", "40,000 schools", ours=[57.9])
    assert (alone.ratio, alone.verdict) == (None, Verdict.FREE)
    assert alone.cells() == ("letters", "40,000 schools", "1", "57.9 s", "—", "—", "—", "", "")
    assert Figure("report", "", ours=[2.0], limit=[1.0]).verdict is Verdict.FREE


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.000412, "s", "0.41 ms"),
        (0.0123, "s", "12.3 ms"),
        (0.379, "s", "379 ms"),
        (1.534, "s", "1.53 s"),
        (57.94, "s", "57.9 s"),
        (342.7, "s", "343 s"),
        (252.4, MEGABYTES, "252 MB"),
        (0.5, MEGABYTES, "0.50 MB"),
    ],
)
def test_amounts_have_three_digits_that_matter(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


def test_the_table_is_markdown_whose_columns_stand_under_each_other() -> None:
    drawn = table(
        [
            Figure("fan-out of 44 items", "500 schools", ours=[0.432], limit=[0.367], goal=2.0),
            Figure("memory", "40,000 rows", ours=[600], limit=[512], goal=1.0, unit=MEGABYTES),
        ]
    ).splitlines()
    assert len({len(line) for line in drawn}) == 1
    assert set(drawn[1]) == {"|", "-"}
    first, second = ([cell.strip() for cell in line.strip("|").split("|")] for line in drawn[2:])
    assert first == ["fan-out of 44 items", "500 schools", "1", "432 ms", "367 ms", "1.18", "≤ 2", "ok", ""]
    assert second == ["memory", "40,000 rows", "1", "600 MB", "512 MB", "1.17", "≤ 1", "OVER", ""]


def test_json_keeps_every_round() -> None:
    figure = Figure("chase", "40,000 schools", ours=[3.0, 1.0, 2.0], limit=[1.0], goal=2.0, queries=(3,))
    read = json.loads(json.dumps(figure.as_json()))
    assert (read["ours"], read["limit"], read["queries"]) == ([3.0, 1.0, 2.0], [1.0], [3])
    assert (read["median"], read["ratio"], read["verdict"]) == (2.0, 2.0, "ok")
