"""Two texts compared word by word: nothing is lost, nothing is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.differences import MAX_WORDS, Change, differences

TEXTS = st.text(alphabet="абв №1 .,\n—«»", max_size=60)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", []),
        ("Приказ", "Приказ", [("same", "Приказ")]),
        (
            "Приказ на подписи",
            "Приказ подписан",
            [("same", "Приказ "), ("removed", "на подписи"), ("added", "подписан")],
        ),
        ("", "Есть", [("added", "Есть")]),
        ("Есть", "", [("removed", "Есть")]),
    ],
)
def test_words_that_stayed_came_and_went(before: str, after: str, told: list[tuple[str, str]]) -> None:
    assert [(part.change.value, part.text) for part in differences(before, after)] == told


@given(TEXTS, TEXTS)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.change != Change.REMOVED) == after
    old = "".join(part.text for part in parts if part.change != Change.ADDED)
    assert old == before
    assert all(part.text for part in parts)


def test_a_very_long_text_is_shown_as_a_whole() -> None:
    long = "слово " * (2 * MAX_WORDS)
    assert [part.change for part in differences(long, "Коротко")] == [Change.REMOVED, Change.ADDED]
