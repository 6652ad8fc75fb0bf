"""Who may answer for the minimum: not below deputy head (order 2381, item 3.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.rules import Standing, judge_post

FIT = (
    "Директор",
    "И.о. директора",
    "врио директора",
    "Заместитель директора по УВР",
    "зам.директора по ВР",
    "Зам. дир. по УВР",
    "Исполняющий обязанности заместителя директора",
    "Первый заместитель директора школы",
    "Завуч начальных классов",
    "Заведующая школой",
    "Заместитель руководителя",
    "Зам. по воспитательной работе",
    "ЗДУВР",
    "Учитель физики, заместитель директора",
)
BELOW = (
    "Учитель технологии",
    "Советник директора по воспитанию",
    "Педагог-психолог",
    "Классный руководитель",
    "Социальный педагог",
    "Помощник директора",
    "Заведующая библиотекой",
    "Секретарь руководителя",
)
UNKNOWN = ("Ответственный за профминимум", "Руководитель МО", "Начальник отдела кадров")


@pytest.mark.parametrize(
    ("posts", "standing"), [(FIT, Standing.FIT), (BELOW, Standing.BELOW), (UNKNOWN, Standing.UNKNOWN)]
)
def test_posts_as_schools_write_them(posts: tuple[str, ...], standing: Standing) -> None:
    assert {post: judge_post(post).standing for post in posts} == dict.fromkeys(posts, standing)


def test_the_reason_names_the_post_and_the_rule() -> None:
    verdict = judge_post(" Учитель ")
    assert verdict.is_refused
    assert "«Учитель»" in verdict.reason
    assert "п.\u00a03.3" in verdict.reason
    assert judge_post("  ").standing is Standing.UNNAMED
    assert not judge_post("Ответственный").is_refused


@given(st.text(max_size=60))
def test_anything_is_judged_and_only_a_fit_post_has_no_reason(post: str) -> None:
    verdict = judge_post(post)
    assert bool(verdict.reason) == (verdict.standing is not Standing.FIT)
