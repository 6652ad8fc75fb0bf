"""Other names that documents give to the bodies a region knows: abbreviations, names without their legal form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

#: How orders call groups of bodies, by the group's code; inflection and case are the matcher's business.
GROUP_NAMES: Mapping[str, tuple[str, ...]] = {
    "schools": (
        "Образовательные организации",
        "Образовательные учреждения",
        "Общеобразовательные учреждения",
        "Руководители образовательных организаций",
        "Руководители общеобразовательных организаций",
        "Руководители ОО",
        "Руководители школ",
        "Директора школ",
        "Школы",
        "Координаторы профориентационной работы в муниципальных общеобразовательных организациях",
        "ОО",
        "ОУ",
        "СОШ",
    ),
    "municipalities": (
        "МОУО",
        "Муниципальные органы управления образования",
        "Руководители муниципальных органов управления образованием",
        "Органы управления образованием муниципальных районов",
        "Органы управления образованием муниципальных районов и городских округов",
        "Органы управления образованием муниципальных районов, муниципальных и городских округов",
        "Органы управления образованием муниципальных образований",
        "Органы местного самоуправления, осуществляющие управление в сфере образования",
        "ОМСУ",
        "ОМСУ, осуществляющие управление в сфере образования",
        "Муниципальные координаторы",
        "Муниципальные координаторы профориентационной работы",
    ),
    "colleges": (
        "ПОО",
        "СПО",
        "Организации среднего профессионального образования",
        "Образовательные организации среднего профессионального образования",
        "Профессиональные образовательные учреждения",
    ),
    "universities": (
        "Вузы",
        "ОО ВО",
        "ООВО",
        "Организации высшего образования",
        "Высшие учебные заведения",
    ),
    "additional_education": (
        "ОДО",
        "УДО",
        "Учреждения дополнительного образования",
        "Образовательные организации дополнительного образования",
    ),
}
_QUOTED = re.compile(r"«([^«»]{12,200})»")
_SMALL_WORDS = frozenset(("и", "в", "во", "на", "по", "с", "для", "при", "о", "об"))
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 8
_LEGAL_FORM = re.compile(r"[тогмфк]{1,4}[абк]п?о?у|ч?оу|ано|нко|дпо|до|во|спо|по|ооо|ао|пао")


def is_legal_form(word: str) -> bool:
    """Whether the word in small letters is part of a legal form before a name: «ТОГОАУ», «ДПО»."""
    return _LEGAL_FORM.fullmatch(word) is not None


def other_names(name: str, region_genitive: str, *, is_ministry: bool) -> Iterator[str]:
    """How people may call the organization of this full name within its region.

    «ТОГОАУ ДПО «Институт повышения …»» is also what stands in its quotes and «ИПКРО»; a ministry is also
    «Министерство образования», «Минобр», «Министерство», with or without its region.
    """
    tail = f" {region_genitive}"
    plain = name.removesuffix(tail)
    quoted = _QUOTED.search(name)
    bases = [quoted[1]] if quoted else []
    if plain != name:
        yield plain
    elif not quoted:
        bases.append(name)
    yield from bases if quoted else ()
    for base in bases:
        acronym = "".join(word[0] for word in re.findall(r"[^\W\d_]+", base) if word.lower() not in _SMALL_WORDS)
        if _SHORTEST_ACRONYM <= len(acronym) <= _LONGEST_ACRONYM:
            yield acronym.upper()
    if is_ministry:
        for short in _ministry_names(plain):
            yield short
            yield f"{short}{tail}"


def _ministry_names(plain: str) -> Iterator[str]:
    """«Министерство образования и науки»: «Министерство образования», «Министерство», «Минобрнауки», «Минобр»."""
    words = plain.split()
    kind = words[0]
    if kind not in {"Министерство", "Департамент", "Комитет"}:
        return
    yield kind
    if "образования" in words:
        yield f"{kind} образования"
        if kind == "Министерство":
            yield from ("Минобр", "Минобразования", "Минобразование")
            if "науки" in words:
                yield "Минобрнауки"
