"""Telling apart the bodies that stand in one cell."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.imports.bodies import BodyMatch, BodyName, normalised, read_body_names, split_bodies

FIXTURES = Path(__file__).parents[2] / "fixtures"
DIRECTORY = read_body_names(FIXTURES / "body_names.json")
MINISTRY = ("organization", "ministry")
OPERATOR = ("organization", "operator")
SCHOOLS = ("group", "schools")
OUTSIDE = ("group", "schools_outside_ticket")


def keys(cell: str) -> list[object]:
    return [match.key for match in split_bodies(cell, DIRECTORY)]


def test_bodies_with_nothing_between_them_are_told_apart() -> None:
    cell = (
        "Министерство образования и науки Тамбовской области ТОГОАУ ДПО «Институт повышения квалификации работников "
        "образования» Муниципальные органы управления образованием"
    )
    assert split_bodies(cell, DIRECTORY) == (
        BodyMatch("Министерство образования и науки Тамбовской области", MINISTRY),
        BodyMatch("ТОГОАУ ДПО «Институт повышения квалификации работников образования»", OPERATOR),
        BodyMatch("Муниципальные органы управления образованием", ("group", "municipalities")),
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Региональный оператор - ТОГОАУ ДПО «Институт повышения квалификации работников образования»", [OPERATOR]),
        ('региональный оператор – тогоау дпо "Институт  повышения квалификации работников образования".', [OPERATOR]),
        ("Образовательная организация", [SCHOOLS]),
        ("Руководители образовательных организаций", [SCHOOLS]),
        ("Отраслевые предприятия / организации", [("group", "enterprises")]),
        ("Фонд Гуманитарных проектов", [("organization", "humanitarian_projects_fund")]),
        ("Образовательные организации высшего образования", [("group", "universities")]),
        ("Образовательные организации, не являющиеся участниками проекта «Билет в будущее»", [OUTSIDE]),
        (
            "Организации дополнительного образования Общеобразовательные организации",
            [("group", "additional_education"), SCHOOLS],
        ),
        ("Образовательные организации; общеобразовательные организации", [SCHOOLS]),
        ("министерство образования и науки тамбовской области, образовательные организации", [MINISTRY, SCHOOLS]),
        ("Министерство образования и науки Тамбовской области и образовательные организации", [MINISTRY, SCHOOLS]),
        ("", []),
        (" – , ;", []),
    ],
)
def test_known_names_are_found_however_they_are_typed(cell: str, expected: list[object]) -> None:
    assert keys(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "Профильные образовательные организации",
        "Образовательные организации среднего профессионального и высшего образования",
        "Образовательные организации, не участвующие в эксперименте",
        "Базовые профессиональные образовательные организации в области инклюзивного образования",
        "Образовательные организации Сосновского района",
        "Отдел образования Сосновского района",
        "Образовательная организация № 5",
    ],
)
def test_a_known_name_inside_a_longer_unknown_one_is_not_taken_for_it(cell: str) -> None:
    assert split_bodies(cell, DIRECTORY) == (BodyMatch(cell, None),)


def test_what_is_unknown_comes_back_as_written_to_be_mapped_once() -> None:
    matches = split_bodies(
        "Образовательные организации ПАО «Пигмент» Служба занятости населения Тамбовской области", DIRECTORY
    )
    assert matches == (
        BodyMatch("Образовательные организации", SCHOOLS),
        BodyMatch("ПАО «Пигмент»", None),
        BodyMatch("Служба занятости населения Тамбовской области", None),
    )
    assert [match.is_resolved for match in matches] == [True, False, False]


def test_each_body_counts_once_in_a_cell() -> None:
    assert keys("Школьный совет; Школьный совет; Образовательные организации Образовательная организация") == [
        None,
        SCHOOLS,
    ]


def test_the_longest_name_wins_whatever_the_order_of_the_directory() -> None:
    names = (BodyName("Центр", "short"), BodyName("Центр опережающей подготовки", "long"))
    for directory in (names, names[::-1]):
        assert split_bodies("Центр опережающей подготовки", directory) == (
            BodyMatch("Центр опережающей подготовки", "long"),
        )


def test_names_are_compared_without_case_quotes_and_dots_over_the_e() -> None:
    assert normalised("Учёный  совет «ТГУ».") == normalised('УЧЕНЫЙ СОВЕТ "ТГУ"')


@settings(deadline=None)
@given(cell=st.text(), names=st.lists(st.text(max_size=12), max_size=4))
def test_any_cell_and_any_directory_are_survived(cell: str, names: list[str]) -> None:
    directory = [BodyName(name, number) for number, name in enumerate(names)]
    for match in split_bodies(cell, directory):
        assert match.text.strip()
        assert "".join(match.text.split()) in "".join(cell.split())


@settings(deadline=None)
@given(st.lists(st.sampled_from(DIRECTORY), max_size=6), st.sampled_from([" ", ", ", "; ", "\n"]))
def test_names_in_a_row_are_all_found_in_order(names: list[BodyName], between: str) -> None:
    expected = list(dict.fromkeys(name.key for name in names))
    found = split_bodies(between.join(name.text for name in names), DIRECTORY)
    assert [match.key for match in found] == expected


# Persons


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        (
            (
                "ОГБУ «Региональный центр развития образования»: [ФИО], директор; [ФИО], методист отдела выявления и "
                "поддержки молодых талантов, телефон: 8 (0000) 00-00-00, e-mail: name@example.org"
            ),
            ["ОГБУ «Региональный центр развития образования»"],
        ),
        (
            (
                "НИ ТПУ: [ФИО], заместитель начальника отдела, доцент отделения, телефон/факс: 8 (0000) 00-00-00, "
                "8 (0000) 00-00-00, e-mail: name@example.org, name@example.org МБОУ «Северская гимназия»"
            ),
            ["НИ ТПУ", "МБОУ «Северская гимназия»"],
        ),
        ("Петрова А. А., образовательные организации", ["образовательные организации"]),
        ("Совет отцов, ведущие предприятия", ["Совет отцов, ведущие предприятия"]),
    ],
)
def test_persons_and_their_phones_are_no_bodies(cell: str, texts: list[str]) -> None:
    assert [match.text for match in split_bodies(cell, DIRECTORY)] == texts


# Inflection


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Министерством образования и науки Тамбовской области", [MINISTRY]),
        ("Министерству образования и науки Тамбовской области совместно с образовательными организациями", None),
        ("Образовательным организациям", [SCHOOLS]),
        ("общеобразовательными организациями", [SCHOOLS]),
        ("Муниципальным органам управления образованием", [("group", "municipalities")]),
        ("Муниципальный орган управления образованием", [("group", "municipalities")]),
        ("Фондом Гуманитарных Проектов", [("organization", "humanitarian_projects_fund")]),
        ("Центра опережающей профессиональной подготовки", [("organization", "advanced_training_centre")]),
        ("Профессиональных образовательных организаций", [("group", "colleges")]),
    ],
)
def test_inflected_names_are_known(cell: str, expected: list[object] | None) -> None:
    assert keys(cell) == (expected or [MINISTRY, SCHOOLS])


def test_the_plural_of_an_organization_is_not_the_organization() -> None:
    assert keys("Центры опережающей профессиональной подготовки") == [None]
    assert keys("Региональные операторы") == [None]


def test_a_name_that_two_bodies_inflect_to_is_nobodys_and_each_exact_one_is_its_own() -> None:
    directory = [BodyName("Отделы кадров", "many"), BodyName("Отделам кадров", "others")]
    assert split_bodies("Отделами кадров", directory) == (BodyMatch("Отделами кадров", None),)
    assert split_bodies("Отделам кадров", directory) == (BodyMatch("Отделам кадров", "others"),)


def test_a_legal_form_in_front_belongs_to_the_name() -> None:
    directory = [BodyName("Институт развития образования", "institute", is_short=True)]
    assert split_bodies("Школы, ГБУ ДПО «Институт развития образования»", directory) == (
        BodyMatch("Школы", None),
        BodyMatch("ГБУ ДПО «Институт развития образования»", "institute"),
    )


def test_a_short_name_is_not_taken_out_of_a_longer_one() -> None:
    directory = [BodyName("Министерство", "ours", is_short=True)]
    assert [match.key for match in split_bodies("Министерство", directory)] == ["ours"]
    assert [match.key for match in split_bodies("Министерство обороны", directory)] == [None]
    assert [match.key for match in split_bodies("Министерство Российской Федерации", directory)] == [None]
    assert [match.key for match in split_bodies("Министерство, Рособрнадзор", directory)] == ["ours", None]


NAMES = st.lists(
    st.sampled_from("центр центра центры отдел отдела образования образованием наука науки школ школа и".split()),
    min_size=1,
    max_size=4,
).map(" ".join)


@settings(deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=5, unique_by=normalised))
def test_two_known_bodies_never_become_one(names: list[str]) -> None:
    directory = [BodyName(name, number, is_group=number % 2 == 0) for number, name in enumerate(names)]
    for number, name in enumerate(names):
        matches = split_bodies(name, directory)
        assert {match.key for match in matches} <= {number, None} or len(matches) > 1, (name, matches)
