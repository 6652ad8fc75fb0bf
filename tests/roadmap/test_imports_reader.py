"""Reading the annex of an order: the real one, the shapes it is pasted in, and everything that is none."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.deadlines import parse
from roadmap.imports.bodies import read_body_names, split_bodies
from roadmap.imports.drafts import Doubt, RoadmapDraft
from roadmap.imports.reader import LONGEST_TEXT, read_roadmap
from tests.roadmap.order_2381 import BODIES, NUMBERS, SCHEDULES

FIXTURES = Path(__file__).parents[2] / "fixtures"
ORDER = (FIXTURES / "roadmap_2381.txt").read_text(encoding="utf-8")
EARLIER = (FIXTURES / "roadmap_2381_earlier_edition.txt").read_text(encoding="utf-8")
TABLE = ORDER[ORDER.index("№ п/п\t") :]
HEAD = "№ п/п\tМероприятие\tСрок исполнения\tОтветственный\tОжидаемые результаты\n"
PLAN_OF_EVENTS = HEAD.replace("Ожидаемые результаты", "Участники") + "1.\tУрок\tМай\tШколы\tДети"


def contents(draft: RoadmapDraft) -> list[tuple[object, ...]]:
    """Everything but the lines, which depend on how much was pasted in front."""
    return [
        (section.number, section.title, item.number, item.title, item.deadline, item.bodies_text, item.expected_result)
        for section in draft.sections
        for item in section.items
    ]


def item(draft: RoadmapDraft, number: str) -> dict[str, str]:
    found = next(one for one in draft.items if one.number == number)
    return {
        "title": found.title,
        "deadline": found.deadline,
        "bodies": found.bodies_text,
        "result": found.expected_result,
    }


# The order itself


def test_the_order_has_four_sections_and_forty_four_items() -> None:
    draft = read_roadmap(ORDER)
    assert draft.problems == ()
    assert [(section.number, len(section.items)) for section in draft.sections] == [
        ("1", 14),
        ("2", 11),
        ("3", 16),
        ("4", 3),
    ]
    assert [one.number for one in draft.items] == NUMBERS
    assert [section.title.split()[0] for section in draft.sections] == [
        "Организационно",
        "Кадровое",
        "Мероприятия",
        "Информационное",
    ]


def test_the_order_names_its_number_date_title_and_year() -> None:
    draft = read_roadmap(ORDER)
    assert (draft.order_number, draft.order_date, draft.academic_year) == ("2381", date(2023, 8, 25), 2023)
    assert draft.title.startswith("Региональный план-график мероприятий («дорожная карта») по подготовке")
    assert draft.title.endswith("организациях Тамбовской области")


@pytest.mark.parametrize("number", NUMBERS)
def test_every_deadline_of_the_order_has_its_kind_and_dates(number: str) -> None:
    schedule = parse(item(read_roadmap(ORDER), number)["deadline"], 2023)
    assert (schedule.kind, schedule.occurrences) == SCHEDULES[number]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_body_of_both_editions_is_known(number: str) -> None:
    directory = read_body_names(FIXTURES / "body_names.json")
    for text in (ORDER, EARLIER):
        matches = split_bodies(item(read_roadmap(text), number)["bodies"], directory)
        assert all(match.is_resolved for match in matches)
        assert " ".join(match.key[1] for match in matches if isinstance(match.key, tuple)) == BODIES[number]


def test_a_result_that_serves_three_items_is_given_to_all_of_them() -> None:
    draft = read_roadmap(ORDER)
    first, second, third = draft.items[:3]
    assert first.expected_result.startswith("Приказ министерства образования и науки Тамбовской области «О внедрении")
    assert "профориентационный минимум в 2023-2024 учебном году, с указанием выбранного уровня" in first.expected_result
    assert first.expected_result.endswith("профминимума в общеобразовательных организациях")
    assert first.expected_result == second.expected_result == third.expected_result
    assert first.doubts == ()
    shared = (Doubt("expected_result", "Результат общий с\u00a0п.\u00a01.1"),)
    assert second.doubts == third.doubts == shared
    assert all(one.doubts == () for one in draft.items[3:])


def test_rows_cut_by_a_page_break_are_joined_cell_by_cell() -> None:
    draft = read_roadmap(ORDER)
    third = item(draft, "1.3")
    assert third["title"] == (
        "Утверждение ответственных сотрудников (не ниже уровня заместителя директора) за реализацию мероприятий "
        "профминимума в общеобразовательных организациях"
    )
    assert item(draft, "1.10")["result"].endswith("в 2023/2024 учебном году")
    assert item(draft, "2.1")["bodies"] == (
        "Фонд Гуманитарных Проектов ТОГОАУ ДПО «Институт повышения квалификации работников образования»"
    )
    assert item(draft, "2.9")["bodies"].endswith("работников образования» Фонд Гуманитарных проектов")
    assert item(draft, "3.15")["title"].startswith("Разработка и проведение уроков общеобразовательного цикла")


def test_items_know_the_line_they_came_from() -> None:
    lines = ORDER.split("\n")
    for one in read_roadmap(ORDER).items:
        assert lines[one.line - 1].startswith(f"{one.number}\t")


def test_the_earlier_edition_has_the_same_numbers_and_a_result_of_its_own_for_each() -> None:
    draft = read_roadmap(EARLIER)
    assert draft.problems == ()
    assert [one.number for one in draft.items] == NUMBERS
    assert all(one.doubts == () for one in draft.items)
    assert item(draft, "1.1")["result"].endswith("на территории Тамбовской области;")
    assert item(draft, "1.2")["result"].startswith("региональный координатор")
    assert item(draft, "1.3")["result"].startswith("назначены ответственные")
    assert item(draft, "3.7")["title"].endswith("через регионального оператора проекта «Билет в будущее»")
    assert item(draft, "2.6")["bodies"].endswith("образованием Руководители образовательных организаций")
    assert (draft.order_number, draft.order_date) == ("", None)


# The shapes it is pasted in


def test_the_table_alone_reads_the_same() -> None:
    assert contents(read_roadmap(TABLE)) == contents(read_roadmap(ORDER))


@pytest.mark.parametrize(
    "reshape",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\t\t\t\t\n", "\n"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("\t", "</p>\t<p>"),
        lambda text: f"{PLAN_OF_EVENTS}\n{text}",
        lambda text: text.replace("\n2. Кадровое", f"\n{HEAD}1\t2\t3\t4\t5\n2. Кадровое"),
        lambda text: text.replace("\n\n", f"\n\n{HEAD}"),
        lambda text: text.replace("\n\n", "\n\n17\n"),
        lambda text: text.replace("I. Организационно", "Раздел I. Организационно").replace(
            "\n4. Информ", "\nIV Информ"
        ),
        lambda text: text.replace("2. Кадровое обеспечение", "2.\tКадровое обеспечение").replace(
            "организациях\t\t\t\t\n2.1", "организациях\t\t\t\n2.1"
        ),
        lambda text: (
            text
            + "\nПриложение 2 к приказу\n\nПлан\n"
            + HEAD.replace("Ожидаемые результаты", "Участники")
            + "1.\tа\tб\tв\tг"
        ),
    ],
)
def test_other_shapes_of_the_same_table_read_the_same(reshape: Callable[[str], str]) -> None:
    draft = read_roadmap(reshape(TABLE))
    assert contents(draft) == contents(read_roadmap(TABLE))
    assert draft.problems == ()


def test_paragraphs_inside_cells_do_not_break_the_row() -> None:
    text = HEAD + (
        "I. Первый раздел\n"
        "1.1\tРазработка\nплана-\nграфика\tДо 1 октября\tМинистерство\nШколы\tПлан\n"
        "1.2\tОтчёт\tМай 2024 г.\tШколы\tОтчёты"
    )
    draft = read_roadmap(text)
    assert item(draft, "1.1") == {
        "title": "Разработка плана-графика",
        "deadline": "До 1 октября",
        "bodies": "Министерство Школы",
        "result": "План",
    }
    assert [one.number for one in draft.items] == ["1.1", "1.2"]


def test_columns_in_another_order_are_found_by_their_heads() -> None:
    head = "№\tСрок\tОтветственные исполнители\tНаименование мероприятия\tРезультат"
    text = f"{head}\n1. Раздел\t\t\t\t\n1.1\tдо 1 мая\tШколы\tОтчёт\tОтчёты"
    assert item(read_roadmap(text), "1.1") == {
        "title": "Отчёт",
        "deadline": "до 1 мая",
        "bodies": "Школы",
        "result": "Отчёты",
    }


def test_a_table_without_its_head_is_read_by_the_usual_order_and_says_so() -> None:
    draft = read_roadmap(TABLE.split("\n", 1)[1])
    assert contents(draft) == contents(read_roadmap(TABLE))
    assert [problem.line for problem in draft.problems] == [1]
    assert "Нет строки заголовка" in str(draft.problems[0])


# What is doubtful


def doubts(table: str) -> dict[str, list[str]]:
    draft = read_roadmap(HEAD + table)
    return {one.number: [f"{doubt.field_label}: {doubt.message}" for doubt in one.doubts] for one in draft.items}


def problems(table: str) -> list[str]:
    return [str(problem).replace("\u00a0", " ") for problem in read_roadmap(HEAD + table).problems]


def test_repeated_and_missing_numbers_are_named() -> None:
    table = (
        "1. Раздел\t\t\t\t\n1.1\tа\tМай\tШколы\tр\n1.1\tб\tМай\tШколы\tр\n1.4\tв\tМай\tШколы\tр\n1.3\tг\tМай\tШколы\tр"
    )
    assert problems(table) == [
        "Строка 3: Номер 1.1 стоит у нескольких пунктов (строки 3, 4)",
        "Строка 5: Перед пунктом 1.4 пропущены пункты 1.2–1.3",
        "Строка 6: Пункт 1.3 стоит после пункта 1.4",
    ]
    assert doubts(table)["1.1"] == ["№ п/п: Номер 1.1 встречается не один раз"]


def test_a_number_under_another_section_is_doubtful() -> None:
    table = "1. Раздел\t\t\t\t\n1.1\tа\tМай\tШколы\tр\n2.1\tб\tМай\tШколы\tр"
    assert doubts(table)["2.1"] == ["№ п/п: Пункт 2.1 стоит в\u00a0разделе 1"]


def test_empty_cells_are_doubtful() -> None:
    assert doubts("1. Раздел\t\t\t\t\n1.1\t\t\t\t\n") == {
        "1.1": [
            "Мероприятие: Мероприятие не названо",
            "Срок исполнения: Срок не указан",
            "Ответственный: Ответственный не указан",
            "Ожидаемые результаты: Ожидаемый результат не указан",
        ]
    }


def test_swapped_columns_are_noticed() -> None:
    table = "1. Раздел\t\t\t\t\n1.1\tа\tШколы\tДо 1 мая\tр\n1.2\tб\tШколы\tМай 2024 г.\tр"
    assert problems(table) == ["Строка 3: Похоже, переставлены столбцы «Срок исполнения» и «Ответственный»"]
    assert [text.split(":")[0] for text in doubts(table)["1.1"]] == ["Срок исполнения", "Ответственный"]


def test_a_row_without_a_number_that_begins_anew_is_an_item_of_its_own() -> None:
    table = "1. Раздел\t\t\t\t\n1.1\tОтчёт\tМай\tШколы\tр\n\tПлан\tДо 1 июня\tШколы\tр"
    assert doubts(table) == {"1.1": [], "": ["№ п/п: Нет номера пункта"]}
    assert problems(table) == ["Строка 4: У пункта нет номера (столбец «№ п/п»)"]


def test_items_without_a_section_and_sections_without_items_are_named() -> None:
    assert problems("1.1\tа\tМай\tШколы\tр\n2. Пустой\t\t\t\t") == [
        "Строка 2: Нет заголовка раздела 1",
        "Строка 3: В разделе «Пустой» нет ни одного пункта",
    ]


def test_loose_text_behind_the_table_is_joined_with_a_doubt() -> None:
    found = doubts("1. Раздел\t\t\t\t\n1.1\tа\tМай\tШколы\tр\nМинистр образования")
    assert found["1.1"] == ["Ожидаемые результаты: Присоединён текст без табуляции (строки текста: 4)"]


# What is no roadmap


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Текст пуст"),
        (" \n\t\t\n\u00a0", "Текст пуст"),
        ("Добрый день!\nНаправляем отчёт.", "в\u00a0тексте нет ни одной табуляции"),
        ("Школа\tИНН\tТелефон\nСОШ № 1\t6800000000\t-", "такой строки нет"),
        (HEAD, "нет ни одного пункта"),
        (HEAD + "1. Раздел\t\t\t\t", "нет ни одного пункта"),
    ],
)
def test_a_text_that_is_no_roadmap_says_what_was_expected(text: str, reason: str) -> None:
    draft = read_roadmap(text)
    assert draft.sections == ()
    assert len(draft.problems) == 1
    assert reason in draft.problems[0].message


def test_a_text_too_large_for_an_order_is_refused_at_once() -> None:
    draft = read_roadmap("а\t" * LONGEST_TEXT)
    assert [problem.message[:19] for problem in draft.problems] == ["Текст слишком велик"]


def test_many_thousands_of_sections_are_survived() -> None:
    draft = read_roadmap(HEAD + "1. Раздел\t\t\t\t\n" * 20_000)
    assert [problem.message[:28] for problem in draft.problems] == ["Под заголовком таблицы нет н"]


LINES = st.sampled_from(
    [
        HEAD.rstrip("\n"),
        "I. Раздел\t\t\t\t",
        "2. Раздел",
        "1.1\tПлан\tМай\tШколы\tПланы",
        "1.2\tПлан\tМай\tШколы\t",
        "\tпродолжение\t\t\tдальше",
        "\t\t\t\tрезультат",
        "1.3\tобрыв",
        "абзац",
        "1\t2\t3\t4\t5",
        "17",
        "",
        "Приложение 2 к приказу",
        "\t".join("абвгдеж"),
        '"в кавычках',
        "№ 12 от 31.02.2023",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES, max_size=14).map("\n".join)))
def test_any_text_is_survived_and_says_what_is_wrong(text: str) -> None:
    draft = read_roadmap(text)
    assert draft.sections or draft.problems
    assert all(problem.message for problem in draft.problems)
    for one in draft.items:
        assert one.line >= 1
        assert all(doubt.field_label and doubt.message for doubt in one.doubts)


SHORT_TABLE = TABLE[: TABLE.index("1.4\t")]


@settings(deadline=None)
@given(st.text())
def test_text_in_front_of_the_table_never_changes_the_items(text: str) -> None:
    # The start of a table of its own, or an open quote, would rightly change it.
    plain = text.replace("\t", " ").replace('"', "")
    assert contents(read_roadmap(f"{plain}\n{SHORT_TABLE}")) == contents(read_roadmap(SHORT_TABLE))
