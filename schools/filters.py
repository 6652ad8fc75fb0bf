"""What of the registry to show and in what order, read alike from the address of a page and the order of a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import F

from accounts.academic_years import AcademicYear
from roadmap.filters import Filters
from roadmap.filters.base import search_field
from schools import rules
from schools.models import Level
from schools.querysets import SchoolQuerySet


class SchoolFilters(Filters):
    """Which schools to list, of which academic year, in which order; what makes no sense falls back to all."""

    q = search_field("Название, номер, ИНН или ответственный")
    municipality = forms.ChoiceField(label="Муниципалитет", required=False)
    level = forms.ChoiceField(label="Уровень", required=False)
    lacks = forms.ChoiceField(label="Чего не хватает", required=False)
    ticket = forms.ChoiceField(label="«Билет в будущее»", required=False)
    classes = forms.ChoiceField(label="Профильные классы", required=False)
    state = forms.ChoiceField(label="Действует", required=False)
    year = forms.ChoiceField(label="Учебный год", required=False)

    field_order = ("q", "municipality", "level", "lacks", "ticket", "classes", "state", "year", "sort")

    NO_LEVEL = "none"
    CLOSED, EVERY = "closed", "all"
    LACKS: ClassVar[dict[str, str]] = {
        "": "Неважно",
        "contact": "Не назван ответственный",
        "enrolment": "Нет контингента",
        "level": "Не указан уровень",
        "order": "Не указан приказ об уровне",
    }
    SORTS: ClassVar[dict[str, str]] = {
        "": "По муниципалитету",
        "name": "По названию",
        "-name": "По названию, с конца",
        "level": "По уровню: базовый сверху",
        "-level": "По уровню: продвинутый сверху",
        "-pupils": "По числу обучающихся: большие сверху",
        "pupils": "По числу обучающихся: малые сверху",
    }
    _ORDERS: ClassVar[dict[str, tuple[Any, ...]]] = {
        "": ("parent__short_name",),
        "name": (),
        "-name": ("-short_name_then",),
        "level": (F("level_hours").asc(nulls_last=True),),
        "-level": (F("level_hours").desc(nulls_last=True),),
        "pupils": (F("pupils").asc(nulls_last=True),),
        "-pupils": (F("pupils").desc(nulls_last=True),),
    }

    def __init__(self, data: Mapping[str, Any], *, visible: SchoolQuerySet, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.parents = dict(visible.parent_choices())
        several = {str(pk): name for pk, name in self.parents.items()}
        self.offer("municipality", [("", "Все"), *several.items()] if len(several) > 1 else [])
        levels = [(str(one.pk), str(one)) for one in Level.objects.all()]
        self.offer("level", [("", "Любой"), *levels, (self.NO_LEVEL, "Не указан")])
        self.offer("lacks", self.LACKS.items())
        self.offer("ticket", [("", "Неважно"), ("yes", "Участвует"), ("no", "Не участвует")])
        self.offer("classes", [("", "Неважно"), ("yes", "Есть"), ("no", "Нет")])
        self.offer("state", [("", "Да"), (self.CLOSED, "Закрыта"), (self.EVERY, "Все")])
        current = AcademicYear.of(today)
        others = [(str(year.start_year), str(year)) for year in rules.years_to_show(today) if year != current]
        self.offer("year", [("", f"{current}, текущий"), *others])

    @property
    def academic_year(self) -> AcademicYear:
        """The academic year to show."""
        return rules.year_asked(self.chosen("year"), today=self.today)

    @property
    def is_narrow(self) -> bool:
        """Something is asked for beside the year and the order."""
        return any(name not in ("sort", "year") for name in self.choices)

    def apply(self, visible: SchoolQuerySet) -> SchoolQuerySet:
        """Narrow the list, annotate what it shows and put it in order."""
        shown = self._in_state(visible)
        if query := self.chosen("q"):
            shown = shown.matching(query)
        if municipality := self.chosen("municipality"):
            shown = shown.filter(parent_then=int(municipality))
        shown = self._lacking(self._of_traits(shown))
        order = self._ORDERS[self.chosen("sort")]
        listed = shown.for_list(academic_year=self.academic_year.start_year)
        return listed.order_by(*order, "short_name_then", "pk")

    def _in_state(self, visible: SchoolQuerySet) -> SchoolQuerySet:
        """Open ones as the year had them, or whichever there are by the names of today."""
        match self.chosen("state"):
            case self.CLOSED:
                return visible.filter(is_active=False).as_named_now()
            case self.EVERY:
                return visible.as_named_now()
        return visible.in_year(self.academic_year, today=self.today)

    def _of_traits(self, shown: SchoolQuerySet) -> SchoolQuerySet:
        """Of the level, «Билет в будущее» and profile classes asked for."""
        year = self.academic_year.start_year
        if level := self.chosen("level"):
            if level == self.NO_LEVEL:
                shown = shown.without_level(academic_year=year)
            else:
                shown = shown.at_level(int(level), academic_year=year)
        if ticket := self.chosen("ticket"):
            shown = shown.with_ticket(academic_year=year, has=ticket == "yes")
        if classes := self.chosen("classes"):
            shown = shown.with_profile_classes(academic_year=year, has=classes == "yes")
        return shown

    def _lacking(self, shown: SchoolQuerySet) -> SchoolQuerySet:
        """Those of which the registry does not know what it should."""
        year = self.academic_year.start_year
        match self.chosen("lacks"):
            case "contact":
                return shown.without_contact()
            case "enrolment":
                return shown.without_enrolment(academic_year=year)
            case "level":
                return shown.without_level(academic_year=year)
            case "order":
                return shown.without_level_order(academic_year=year)
        return shown
