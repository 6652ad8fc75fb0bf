"""Plans that other authorities wrote in other tables: the Tambov district's, and shapes like it."""

import csv
from pathlib import Path

import pytest

from roadmap.deadlines import ScheduleKind, parse
from roadmap.imports.bodies import read_body_names, split_bodies
from roadmap.imports.drafts import ItemDraft, RoadmapDraft
from roadmap.imports.reader import read_roadmap

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEED_DEADLINES = Path(__file__).parent / "data" / "seed_deadlines.tsv"
PLANS = [
    "roadmap_2381.txt",
    "roadmap_2381_earlier_edition.txt",
    "regional_plan_2381.txt",
    "municipal_plan_tambov.txt",
    "campaign_plan_tomsk.txt",
]
REGIONAL = (FIXTURES / "regional_plan_2381.txt").read_text(encoding="utf-8")
CAMPAIGN = (FIXTURES / "campaign_plan_tomsk.txt").read_text(encoding="utf-8")
MUNICIPAL = (FIXTURES / "municipal_plan_tambov.txt").read_text(encoding="utf-8")


def item(draft: RoadmapDraft, number: str) -> ItemDraft:
    return next(one for one in draft.items if one.number == number)


def doubts(draft: RoadmapDraft, number: str) -> list[str]:
    return [doubt.message.replace("\u00a0", " ") for doubt in item(draft, number).doubts]


# The municipal plan: cells one under another, indicators instead of results


def test_the_municipal_plan_has_ten_sections_and_all_their_items() -> None:
    draft = read_roadmap(MUNICIPAL)
    assert draft.problems == ()
    assert draft.title.startswith("Муниципальный план работы по самоопределению")
    assert [(section.number, len(section.items)) for section in draft.sections] == [
        ("1", 6),
        ("2", 2),
        ("3", 1),
        ("4", 1),
        ("5", 2),
        ("6", 3),
        ("7", 2),
        ("8", 1),
        ("9", 3),
        ("10", 1),
    ]
    assert draft.sections[9].title == "Учет обучающихся в конкурсах профориентационной направленности"


def test_cells_of_the_municipal_plan_keep_their_paragraphs_and_blank_lines() -> None:
    draft = read_roadmap(MUNICIPAL)
    olympiad = item(draft, "1.6")
    assert olympiad.title == "Участие во ВсОШ: - муниципальный этап - региональный этап"
    assert olympiad.deadline == "Ежегодно до 25 мая"
    assert item(draft, "1.4").title.endswith(
        "с указанием класса, количества обучающихся, названия мероприятий и количества часов"
    )


def test_indicators_on_rows_of_their_own_are_listed_in_one_cell() -> None:
    draft = read_roadmap(MUNICIPAL)
    assert item(draft, "2.1").expected_result == (
        "Количество мероприятий; Доля обучающихся 6-11 классов, охваченных профориентационными мероприятиями"
    )


def test_an_indicator_behind_a_quoted_name_is_listed_too() -> None:
    assert item(read_roadmap(MUNICIPAL), "5.1").expected_result == (
        "Доля зарегистрированных обучающихся в проекте «Билет в будущее»; "
        "Доля обучающихся, прошедших проф.пробы в проекте «Билет в будущее»"
    )


def test_cells_merged_down_serve_the_items_below_and_say_so() -> None:
    draft = read_roadmap(MUNICIPAL)
    assert item(draft, "2.2").deadline == "Ежегодно до 20 декабря и 25 мая"
    assert doubts(draft, "2.2") == ["Срок общий с п. 2.1"]
    assert item(draft, "5.2").bodies_text == item(draft, "5.1").bodies_text
    assert doubts(draft, "5.2") == ["Ответственный общий с п. 5.1"]
    assert doubts(draft, "6.3") == ["Срок общий с п. 6.2", "Ответственный общий с п. 6.2"]


def test_a_cell_of_another_section_is_not_shared() -> None:
    assert doubts(read_roadmap(MUNICIPAL), "9.1") == ["Ответственный не указан"]


def test_every_deadline_and_every_body_of_the_municipal_plan_is_understood() -> None:
    directory = read_body_names(FIXTURES / "body_names.json")
    for one in read_roadmap(MUNICIPAL).items:
        assert parse(one.deadline, 2022).kind is not ScheduleKind.UNRESOLVED, one.deadline
        assert all(match.is_resolved for match in split_bodies(one.bodies_text, directory)), one.bodies_text


# The regional plan of annex 2 and the calendar of Tomsk's campaign


def test_the_regional_plan_has_six_sections_and_126_events() -> None:
    draft = read_roadmap(REGIONAL)
    assert draft.problems == ()
    assert [(section.number, len(section.items)) for section in draft.sections] == [
        ("1", 15),
        ("2", 25),
        ("3", 45),
        ("4", 29),
        ("5", 8),
        ("6", 4),
    ]
    assert [one.number for one in draft.items] == [str(number) for number in range(1, 127)]
    assert item(draft, "18").deadline == "По отдельному плану в течение года"
    assert draft.title == "Региональный план профориентационных мероприятий на 2023/2024 учебный год"
    assert draft.academic_year == 2023


def test_tomsks_calendar_has_its_levels_as_sections_and_its_duties_with_dates() -> None:
    draft = read_roadmap(CAMPAIGN)
    assert [(section.number, section.title[:40], len(section.items)) for section in draft.sections] == [
        ("1", "Мероприятия регионального уровня", 1),
        ("2", "Мероприятия регионального уровня. Всерос", 4),
        ("3", "Мероприятия регионального уровня. Регион", 5),
        ("4", "Муниципальный уровень и уровень общеобра", 4),
    ]
    assert item(draft, "4.1").deadline == "до 19 марта 2021 г.; до 17 сентября 2021 г."
    assert item(draft, "1.1").deadline == "15 марта – 16 апреля 2021 г."


@pytest.mark.parametrize("name", PLANS)
def test_the_table_of_phrases_lists_every_deadline_of_every_document(name: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    with SEED_DEADLINES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        listed = {" ".join(row["text"].replace("\\n", " ").split()) for row in rows}
    assert {one.deadline for one in read_roadmap(text).items} - {""} <= listed


# Heads of other wording, columns that are missing or more than usual


def test_a_plan_without_expected_results_is_read_without_doubting_them() -> None:
    draft = read_roadmap(
        "№\tНаименование мероприятия\tСроки проведения\tИсполнители\n"
        "1. Учёба\t\t\t\n1.1\tСеминар\tМай\tШколы\n1.2\tКурсы\tИюнь\tШколы"
    )
    assert draft.problems == ()
    assert [(one.number, one.deadline, one.expected_result, one.doubts) for one in draft.items] == [
        ("1.1", "Май", "", ()),
        ("1.2", "Июнь", "", ()),
    ]


def test_of_two_tables_the_one_with_results_is_the_roadmap() -> None:
    plan = "№\tМероприятие\tСрок\tОтветственный\tУчастники\n1. Дни\t\t\t\t\n1\tУрок\tМай\tШколы\tДети\n"
    roadmap = "№\tМероприятие\tСрок\tОтветственный\tРезультат\n1. Дела\t\t\t\t\n1.1\tПриказ\tМай\tШколы\tПриказ"
    assert [one.title for one in read_roadmap(plan + roadmap).items] == ["Приказ"]
    assert [one.title for one in read_roadmap(plan).items] == ["Урок"]


def test_sections_may_stand_in_a_column_of_their_own() -> None:
    draft = read_roadmap(
        "Уровень мероприятия\tНазвание мероприятия\tДата проведения\tОтветственная организация\n"
        "Региональный уровень\tФестиваль\tМай\tШколы\n"
        "\tОткрытые уроки\t\t\n"
        "\tУрок цифры\tАпрель\tШколы\n"
        "\tс продолжением на новой странице\t\t\n"
        "Школьный уровень\tОтчёт\tИюнь\tШколы"
    )
    assert [(section.number, section.title) for section in draft.sections] == [
        ("1", "Региональный уровень"),
        ("2", "Региональный уровень. Открытые уроки"),
        ("3", "Школьный уровень"),
    ]
    assert [(one.number, one.title) for one in draft.items] == [
        ("1.1", "Фестиваль"),
        ("2.1", "Урок цифры с продолжением на новой странице"),
        ("3.1", "Отчёт"),
    ]
    assert [str(problem).replace("\u00a0", " ") for problem in draft.problems] == [
        "В таблице нет столбца с номерами: пункты пронумерованы по порядку"
    ]


def test_directions_name_sections_where_another_column_names_the_items() -> None:
    head = "Направление\tМероприятие\tСрок\tОтветственный\n"
    draft = read_roadmap(head + "Кадры\tКурсы\tМай\tШколы\n\tСеминар\tИюнь\tШколы")
    assert [(section.title, len(section.items)) for section in draft.sections] == [("Кадры", 2)]


def test_a_heading_of_items_below_takes_no_cells_of_the_item_above() -> None:
    draft = read_roadmap(
        "№\tМероприятие\tСрок\tОтветственный\tРезультат\n1. Цели\t\t\t\t\n"
        "1.1\tАнализ\tМай\tШколы\tСправка\n1.2\tПостановка целей\t\t\t\n1.2.1\tЦели уровня\tИюнь\tШколы\tЦели"
    )
    assert item(draft, "1.2").deadline == ""
    assert "Срок не указан" in doubts(draft, "1.2")


@pytest.mark.parametrize("number", ["1.1", "7.1", "10.1"])
def test_items_of_the_municipal_plan_know_their_line(number: str) -> None:
    lines = MUNICIPAL.split("\n")
    assert lines[item(read_roadmap(MUNICIPAL), number).line - 1].strip() == f"{number}."
