"""Comparing two editions: what a clerk would write in the covering note, and laws that hold for any texts."""

import string
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.comparison import (
    Comparison,
    EditionWords,
    ItemWords,
    Kind,
    Mark,
    SectionWords,
    compare,
    difference,
    pair,
    spelling,
)
from roadmap.deadlines import parse
from roadmap.imports.reader import read_roadmap

FIXTURES = Path(__file__).parents[2] / "fixtures"


def edition(name: str) -> EditionWords:
    """Read an edition from its fixture, bodies as the cell names them."""
    read = read_roadmap((FIXTURES / name).read_text(encoding="utf-8"))
    return EditionWords(
        sections=tuple(SectionWords(section.number, section.title) for section in read.sections),
        items=tuple(
            ItemWords(
                key=place,
                number=item.number,
                title=item.title,
                deadline=item.deadline,
                bodies=(item.bodies_text,),
                result=item.expected_result,
                dates=tuple((one.start, one.due) for one in parse(item.deadline, 2023).occurrences),
            )
            for place, item in enumerate(read.items)
        ),
    )


@pytest.fixture(scope="module")
def order_2381() -> Comparison:
    """The signed edition against the earlier one."""
    return compare(edition("roadmap_2381_earlier_edition.txt"), edition("roadmap_2381.txt"))


# --- the two editions of order No 2381 --------------------------------------------------------


def numbers(found: Comparison, kind: Kind) -> list[str]:
    return [change.item.number for change in found.of_kind(kind)]


def test_the_signed_edition_keeps_all_items_of_the_earlier_one(order_2381: Comparison) -> None:
    assert order_2381.count(Kind.ADDED) == order_2381.count(Kind.REMOVED) == order_2381.count(Kind.RENUMBERED) == 0
    assert len(order_2381.items) + order_2381.unchanged == 44
    assert order_2381.sections == ()


def test_a_clerk_is_shown_what_changes_a_duty_apart_from_what_a_typist_did(order_2381: Comparison) -> None:
    assert numbers(order_2381, Kind.CHANGED) == ["1.1", "1.2", "1.3", "1.7", "2.4", "3.12", "3.16"]
    assert numbers(order_2381, Kind.MOVED) == ["2.4"], "one date has moved"
    assert {"1.4", "1.6", "1.12", "3.6", "3.8", "3.14", "4.3"} <= set(numbers(order_2381, Kind.EDITORIAL))
    assert order_2381.count(Kind.EDITORIAL) == len(order_2381.items) - 7


def test_the_words_that_came_are_marked_to_the_word(order_2381: Comparison) -> None:
    [title] = [
        field for change in order_2381.items if change.item.number == "1.7" for field in change.fields
        if field.name == "title"
    ]  # fmt: skip
    assert [(piece.mark, piece.text.strip()) for piece in title.pieces if piece.mark != Mark.SAME] == [
        (
            Mark.INSERTED,
            ", мониторинга проведения курса внеурочной деятельности по профориентации «Россия – мои горизонты»",
        )
    ]
    [one_word] = [field for change in order_2381.items if change.item.number == "3.12" for field in change.fields
                  if field.name == "title"]  # fmt: skip
    assert [(piece.mark, piece.text) for piece in one_word.pieces if piece.mark != Mark.SAME] == [
        (Mark.DELETED, "список "), (Mark.INSERTED, "списка "),
    ]  # fmt: skip


def test_a_moved_period_names_both_sides(order_2381: Comparison) -> None:
    [moved] = order_2381.of_kind(Kind.MOVED)
    [move] = moved.dates
    assert move.before == (date(2023, 8, 1), date(2023, 9, 30))
    assert move.after == (date(2023, 9, 1), date(2023, 10, 31))


def test_a_date_told_in_other_words_is_no_moved_date(order_2381: Comparison) -> None:
    [change] = [change for change in order_2381.items if change.item.number == "3.16"]
    assert change.kinds == {Kind.CHANGED}


# --- small editions ---------------------------------------------------------------------------

SELF_CHECK = ItemWords(1, "3.1", "Диагностика готовности школы", "До 10.10.2023 г.", ("Школы",))
ORDER = ItemWords(2, "3.2", "Приказ о реализации профминимума", "До 20.10.2023 г.", ("Школы",))
GROUP = ItemWords(3, "3.3", "Рабочая группа в школе", "До 30.10.2023 г.", ("Школы",))


def of(*items: ItemWords) -> EditionWords:
    return EditionWords((SectionWords("3", "Школы"),), items)


def test_an_item_put_in_between_renumbers_those_that_follow() -> None:
    contract = ItemWords(9, "3.2", "Договор с работодателем")
    found = compare(of(SELF_CHECK, ORDER, GROUP), of(SELF_CHECK, contract, replace(ORDER, number="3.3")))
    assert numbers(found, Kind.ADDED) == ["3.2"]
    assert numbers(found, Kind.RENUMBERED) == ["3.3"]
    assert numbers(found, Kind.REMOVED) == ["3.3"]
    assert found.of_kind(Kind.REMOVED)[0].before == GROUP
    assert found.unchanged == 1


def test_a_reworded_item_under_its_number_is_one_item_and_a_foreign_one_is_not() -> None:
    reworded = replace(ORDER, title="Утверждение приказа о реализации профминимума")
    assert numbers(compare(of(ORDER), of(reworded)), Kind.CHANGED) == ["3.2"]
    foreign = replace(ORDER, title="Экскурсии на предприятия")
    assert compare(of(ORDER), of(foreign)).count(Kind.CHANGED) == 0


def test_an_item_reworded_and_renumbered_at_once_is_found_when_nearly_the_same() -> None:
    before = replace(ORDER, title="Разработка и утверждение приказа школы о реализации профминимума")
    after = replace(before, number="3.7", title="Разработка и утверждение приказов школы о реализации профминимума")
    [change] = compare(of(before), of(after)).items
    assert change.kinds == {Kind.RENUMBERED, Kind.CHANGED}


def test_bodies_are_a_set_and_each_is_named() -> None:
    more = replace(ORDER, bodies=("Муниципалитеты", "Школы"))
    [change] = compare(of(ORDER), of(more)).items
    assert [(piece.mark, piece.text) for piece in change.fields[0].pieces] == [
        (Mark.SAME, "Школы"), (Mark.INSERTED, "Муниципалитеты"),
    ]  # fmt: skip
    assert compare(of(more), of(replace(more, bodies=("Школы", "Муниципалитеты")))).is_empty


def test_sections_come_go_and_change_their_names() -> None:
    before = EditionWords((SectionWords("1", "Организация работы"), SectionWords("2", "Работа с родителями")))
    after = EditionWords(
        (
            SectionWords("1", "Кадры"),
            SectionWords("2", "Организация работы"),
        )
    )
    found = compare(before, after)
    assert [(section.kind, (section.after or section.before).title) for section in found.sections] == [  # type: ignore[union-attr]
        (Kind.ADDED, "Кадры"),
        (Kind.RENUMBERED, "Организация работы"),
        (Kind.REMOVED, "Работа с родителями"),
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("До 30.08. 2023", "До 30.08.2023 г."),
        ("сентябрь/ноябрь 2023, февраль/март 2024", "Сентябрь/ноябрь 2023 г., февраль/март 2024 г."),
        ("«Россия - мои горизонты»", "„Россия – мои горизонты“."),
        ("отчёт за 2023 год", "Отчет за 2023 г."),
    ],
)
def test_what_two_typists_do_differently_is_one_spelling(one: str, two: str) -> None:
    assert spelling(one) == spelling(two)


# --- laws -------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "приказ школа о и реализации профминимума мониторинг родители экскурсия 2023 г. план , . ( урок договор".split()
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(string.printable + "абвё«»–№", max_size=40)
DATES = st.lists(st.dates(date(2023, 9, 1), date(2024, 8, 31)).map(lambda day: (None, day)), max_size=3, unique=True)


@st.composite
def editions(draw: st.DrawFn, *, unlike: bool = False) -> EditionWords:
    """An edition with numbers of its own; ``unlike`` gives every item words that no other has."""
    count = draw(st.integers(0, 8))
    items = []
    for place in range(count):
        marker = f" {string.ascii_lowercase[place] * 9}" * 9 if unlike else ""
        items.append(
            ItemWords(
                key=place,
                number=f"1.{place + 1}",
                title=draw(TEXTS) + marker,
                deadline=draw(TEXTS),
                bodies=tuple(draw(st.lists(st.sampled_from(["Школы", "Министерство", "Оператор"]), unique=True))),
                result=draw(TEXTS),
                dates=tuple(sorted(draw(DATES))),
            )
        )
    return EditionWords(tuple(SectionWords(str(n), draw(TEXTS)) for n in range(draw(st.integers(0, 3)))), tuple(items))


@settings(max_examples=60, deadline=None)
@given(editions())
def test_an_edition_says_nothing_otherwise_than_itself(words: EditionWords) -> None:
    found = compare(words, words)
    assert found.is_empty
    assert found.unchanged == len(words.items)


@settings(max_examples=100, deadline=None)
@given(editions(), editions())
def test_the_other_way_round_it_is_the_same_comparison_mirrored(one: EditionWords, two: EditionWords) -> None:
    there, back = compare(one, two), compare(two, one)
    swapped = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}

    def facts(found: Comparison, *, mirrored: bool) -> set[object]:
        return {
            (
                (change.after if mirrored else change.before),
                (change.before if mirrored else change.after),
                frozenset(swapped.get(kind, kind) if mirrored else kind for kind in change.kinds),
            )
            for change in found.items
        }

    assert facts(there, mirrored=False) == facts(back, mirrored=True)
    assert there.unchanged == back.unchanged
    assert len(there.sections) == len(back.sections)


@settings(max_examples=60, deadline=None)
@given(editions(unlike=True), st.data())
def test_items_under_shuffled_numbers_are_all_found_as_renumbered(words: EditionWords, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([item.number for item in words.items]))
    after = [replace(item, number=number) for item, number in zip(words.items, shuffled, strict=True)]
    found = compare(words, EditionWords(words.sections, tuple(data.draw(st.permutations(after)))))
    moved = {item.key for item, number in zip(words.items, shuffled, strict=True) if item.number != number}
    assert {change.item.key for change in found.items} == moved
    assert all(change.kinds == {Kind.RENUMBERED} for change in found.items)


@settings(max_examples=60, deadline=None)
@given(editions(), editions())
def test_nobody_is_paired_twice(one: EditionWords, two: EditionWords) -> None:
    pairs = pair(one.items, two.items)
    assert len({old.key for old, _ in pairs}) == len({new.key for _, new in pairs}) == len(pairs)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_a_marked_text_holds_both_texts_and_mirrors(before: str, after: str) -> None:
    pieces = difference(before, after)

    def words(*marks: Mark) -> str:
        return "".join("".join(piece.text for piece in pieces if piece.mark in marks).split())

    assert words(Mark.SAME, Mark.DELETED) == "".join(before.split())
    assert words(Mark.SAME, Mark.INSERTED) == "".join(after.split())
    back = difference(after, before)
    assert sorted(piece.text.split() for piece in pieces if piece.mark == Mark.DELETED) == sorted(
        piece.text.split() for piece in back if piece.mark == Mark.INSERTED
    )


def test_a_page_of_one_word_is_compared_in_no_time() -> None:
    pieces = difference("раз " * 9_000, "раз " * 8_000 + "два")
    assert {piece.mark for piece in pieces} == {Mark.DELETED, Mark.INSERTED}
