"""Scope and search of schools."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, OrganizationTrait, Trait, User
from accounts.querysets import OrganizationQuerySet
from schools.querysets.searching import search_words

if TYPE_CHECKING:
    from schools.models import SchoolProfile

_MOST_WORDS = 10
# A short number is looked for whole: «№ 5» must not find school № 15. The longer ones are parts of an INN or a phone.
_SHORT_NUMBER = 3


def _model(name: str) -> Any:
    """Return a model of this app, which is defined after its querysets."""
    return apps.get_model("schools", name)


def _was(field: str, day: date) -> Subquery:
    """The value of a fact of the outer school on a day, as text; nothing where it is today's."""
    later = _model("RegistryChange").objects.filter(organization=OuterRef("pk"), field=field, on__gt=day)
    return Subquery(later.order_by("on", "pk").values("was")[:1])


class SchoolQuerySet(OrganizationQuerySet):
    """Organizations that are schools, with what the registry keeps of them."""

    def matching(self, query: str) -> Self:
        """Schools in whose name, INN or contact every word of the query occurs."""
        for word in search_words(query)[:_MOST_WORDS]:
            whole = word.isdecimal() and len(word) <= _SHORT_NUMBER
            self = self.filter(school_profile__search_text__contains=f" {word} " if whole else word)  # noqa: PLW0642
        return self

    def at_level(self, level_id: int, *, academic_year: int) -> Self:
        """Schools that work at the level in the academic year."""
        years = _model("SchoolYear").objects.filter(
            organization=OuterRef("pk"), academic_year=academic_year, level=level_id
        )
        return self.filter(Exists(years))

    def as_of(self, day: date) -> Self:
        """Schools that were open on a day, annotated with what they were then.

        ``name_then``, ``short_name_then`` and ``parent_then`` (an id) are what the history says of the day; slips that
        were mended later count as mended.
        """
        open_now = Case(When(is_active=True, then=Value("1")), default=Value(""), output_field=TextField())
        open_then = Coalesce(_was("is_active", day), open_now)
        return (
            self.alias(open_then=open_then)
            .filter(open_then="1")
            .filter(Q(school_profile__since=None) | Q(school_profile__since__lte=day))
            .annotate(
                name_then=Coalesce(_was("name", day), F("name"), output_field=TextField()),
                short_name_then=Coalesce(_was("short_name", day), F("short_name"), output_field=TextField()),
                parent_then=Coalesce(
                    Cast(_was("parent", day), BigIntegerField()), F("parent_id"), output_field=BigIntegerField()
                ),
            )
        )

    def in_year(self, year: AcademicYear, *, today: date) -> Self:
        """Schools as they stand in an academic year: as they were at its end, or are today while it runs.

        Annotated like ``as_of``; of the year that runs without looking into the history at all.
        """
        if today > year.end:
            return self.as_of(year.end)
        return self.filter(is_active=True).annotate(
            name_then=F("name"), short_name_then=F("short_name"), parent_then=F("parent_id")
        )

    def for_list(self, *, academic_year: int) -> Self:
        """Join profile and parent; annotate ``level_title``, ``level_hours`` and ``has_ticket`` of the year."""
        years = _model("SchoolYear").objects.filter(organization=OuterRef("pk"), academic_year=academic_year)
        tickets = OrganizationTrait.objects.filter(
            organization=OuterRef("pk"), academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
        )
        return self.select_related("parent", "region", "school_profile").annotate(
            level_title=Subquery(years.values("level__title")[:1]),
            level_hours=Subquery(years.values("level__hours")[:1]),
            has_ticket=Exists(tickets),
        )

    def parent_choices(self) -> list[tuple[int, str]]:
        """Whom these schools answer to, for a filter; the ministry goes last and by what it means."""
        rows = self.order_by().values_list("parent", "parent__short_name", "parent__kind").distinct()
        named = sorted(
            (
                kind == OrganizationKind.MINISTRY,
                "Региональное подчинение" if kind == OrganizationKind.MINISTRY else name,
                pk,
            )
            for pk, name, kind in rows
            if pk is not None
        )
        return [(pk, name) for _, name, pk in named]


def schools() -> SchoolQuerySet:
    """Every school, open or closed; narrow with ``visible_to``."""
    return SchoolQuerySet(Organization).filter(kind=OrganizationKind.SCHOOL)


class SchoolProfileQuerySet(models.QuerySet["SchoolProfile"]):
    """Profiles of schools."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Profiles of the schools the user may know of."""
        return self.filter(organization__in=Organization.objects.visible_to(user))
