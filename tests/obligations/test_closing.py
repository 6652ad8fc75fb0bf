"""Forms that close obligations: what is compared between two submissions."""

from hypothesis import given
from hypothesis import strategies as st

from obligations.closing import FormPart, as_json, compare, from_json
from obligations.differences import Change

parts = st.lists(
    st.builds(
        FormPart,
        key=st.sampled_from("abcde"),
        label=st.text(max_size=5),
        values=st.lists(st.tuples(st.sampled_from(["Часы", "Классы"]), st.text(max_size=5)), max_size=2)
        .map(dict)
        .map(lambda pairs: tuple(pairs.items())),
    ),
    unique_by=lambda part: part.key,
    max_size=4,
)


def test_a_line_that_came_one_that_changed_and_one_that_went() -> None:
    before = [FormPart("1", "Экскурсия", (("Часы", "2"),)), FormPart("2", "Урок", (("Часы", "1"),))]
    after = [FormPart("1", "Экскурсия", (("Часы", "4"),)), FormPart("3", "Собрание", (("Часы", "2"),))]

    told = [(one.label, one.change, [name for name, _ in one.values]) for one in compare(before, after)]

    assert told == [
        ("Экскурсия", Change.SAME, ["Часы"]),
        ("Собрание", Change.ADDED, ["Часы"]),
        ("Урок", Change.REMOVED, ["Часы"]),
    ]


@given(parts, parts)
def test_nothing_is_lost_between_two_submissions(before: list[FormPart], after: list[FormPart]) -> None:
    changes = compare(before, after)
    old, new = {one.key for one in before}, {one.key for one in after}

    assert sum(one.change == Change.ADDED for one in changes) == len(new - old)
    assert sum(one.change == Change.REMOVED for one in changes) == len(old - new)
    for change in (one for one in changes if one.change == Change.SAME):
        for _, words in change.values:
            assert any(word.change != Change.SAME for word in words)
    assert compare(after, from_json(as_json(after))) == []
