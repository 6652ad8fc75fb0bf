"""Whom a school answers to, by what the list says."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import BodyAlias, Organization
from accounts.reference import load_region
from schools.imports.places import Places
from sheets.checks import CheckError

FOUND = Places(
    [
        (1, "Региональное подчинение", ["Областные", "Министерство образования"]),
        (2, "Бондарский", ["Отдел образования администрации Бондарского муниципального округа"]),
        (3, "г. Тамбов", []),
        (4, "Тамбовский", []),
        (5, "Токарёвский", []),
        (6, "г. Заречный", []),
        (7, "Заречный район", []),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Бондарский", 2),
        ("Бондарский муниципальный округ", 2),
        ("Бондарский район", 2),
        ("бондарский р-н", 2),
        ("Бoндaрский м.о.", 2),  # with two Latin letters
        ("БОНДАРСКИЙ", 2),
        ("Отдел образования администрации Бондарского муниципального округа", 2),
        ("город Тамбов", 3),
        ("г.Тамбов", 3),
        ("Тамбов", 3),
        ("городской округ — город Тамбов", 3),
        ("Тамбовский муниципальный округ", 4),
        ("Токаревский", 5),
        ("региональное  подчинение", 1),
        ("Заречный район", 7),
        ("г. Заречный", 6),
    ],
)
def test_names_people_write(text: str, expected: int) -> None:
    assert FOUND.find(text) == expected


def test_an_unknown_name_gets_the_nearest_one_as_a_hint() -> None:
    with pytest.raises(CheckError, match=r"«Бондорский» нет в регионе. Может быть, «Бондарский»\?"):
        FOUND.find("Бондорский")
    with pytest.raises(CheckError, match="Сверьте название со справочником"):
        FOUND.find("Лондон")


def test_a_name_that_fits_two_is_not_guessed() -> None:
    with pytest.raises(CheckError, match=r"неоднозначно: «г\. Заречный», «Заречный район»"):
        FOUND.find("Заречный")


def test_every_municipality_of_the_reference_is_known_by_all_its_names(db: None) -> None:
    directory = load_region()
    places = Places.of(directory.region)
    known = json.loads((Path(settings.BASE_DIR) / "fixtures" / "municipalities.json").read_text(encoding="utf-8"))
    for one in known:
        expected = directory.by_code[one["code"]].pk
        for key in ("name", "short_name", "genitive", "authority"):
            assert places.find(one[key]) == expected, one[key]
    for name in ("Региональное подчинение", "Региональный бюджет", directory.ministry.name, "Тамбовская область"):
        assert places.find(name) == directory.ministry.pk


def test_aliases_of_documents_are_names_too_and_closed_authorities_are_not(
    bondarsky: Organization, morshansky: Organization
) -> None:
    BodyAlias.objects.create(region=bondarsky.region, organization=bondarsky, text="Бондарский РОО")
    Organization.objects.filter(pk=morshansky.pk).update(is_active=False)
    places = Places.of(bondarsky.region)
    assert places.find("Бондарский РОО") == bondarsky.pk
    with pytest.raises(CheckError):
        places.find("Моршанский")


@given(st.text(max_size=80))
def test_any_text_is_a_place_or_a_refusal(text: str) -> None:
    with suppress(CheckError):
        assert FOUND.find(text) in FOUND.labels
