"""Scope and search of schools."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Subquery, Sum, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, OrganizationTrait, Trait, User
from accounts.querysets import OrganizationQuerySet
from accounts.russian import by_name
from schools.querysets.searching import asked_words

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


def _of_year(model: str, academic_year: int) -> Any:
    """What the outer school has in the year, of a model of this app."""
    return _model(model).objects.filter(organization=OuterRef("pk"), academic_year=academic_year)


def _tickets(academic_year: int) -> "models.QuerySet[OrganizationTrait]":
    """The outer school's part in «Билет в будущее»."""
    return OrganizationTrait.objects.filter(
        organization=OuterRef("pk"), academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
    )


class SchoolQuerySet(OrganizationQuerySet):
    """Organizations that are schools, with what the registry keeps of them."""

    def matching(self, query: str) -> Self:
        """Schools in whose name, INN or contact every word of the query occurs."""
        for word in asked_words(query)[:_MOST_WORDS]:
            whole = word.isdecimal() and len(word) <= _SHORT_NUMBER
            self = self.filter(school_profile__search_text__contains=f" {word} " if whole else word)  # noqa: PLW0642
        return self

    def at_level(self, level_id: int, *, academic_year: int) -> Self:
        """Schools that work at the level in the academic year."""
        return self.filter(Exists(_of_year("SchoolYear", academic_year).filter(level=level_id)))

    def without_level(self, *, academic_year: int) -> Self:
        """Schools whose level of the year nobody has named."""
        return self.filter(~Exists(_of_year("SchoolYear", academic_year).exclude(level=None)))

    def without_level_order(self, *, academic_year: int) -> Self:
        """Schools whose level of the year is named, but not the order that fixed it."""
        return self.filter(Exists(_of_year("SchoolYear", academic_year).filter(order_number="").exclude(level=None)))

    def without_contact(self) -> Self:
        """Schools for which nobody is named as responsible."""
        return self.filter(Q(school_profile=None) | Q(school_profile__contact_name=""))

    def without_enrolment(self, *, academic_year: int) -> Self:
        """Schools that have not told their pupils of the year, of no grade at all."""
        return self.filter(~Exists(_of_year("Enrolment", academic_year)))

    def with_ticket(self, *, academic_year: int, has: bool = True) -> Self:
        """Schools that take part in «Билет в будущее» in the year, or that do not."""
        tickets = _tickets(academic_year)
        return self.filter(Exists(tickets) if has else ~Exists(tickets))

    def with_profile_classes(self, *, academic_year: int, has: bool = True) -> Self:
        """Schools with pre-professional classes in the year, or without."""
        classes = _of_year("ProfileClass", academic_year)
        return self.filter(Exists(classes) if has else ~Exists(classes))

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
        return self.filter(is_active=True).as_named_now()

    def as_named_now(self) -> Self:
        """Annotate like ``as_of`` with what the schools are today, open or closed."""
        return self.annotate(name_then=F("name"), short_name_then=F("short_name"), parent_then=F("parent_id"))

    def for_list(self, *, academic_year: int) -> Self:
        """Join profile and parent; annotate level, pupils, «Билет в будущее» and profile classes of the year.

        ``pupils`` is none where the school has told of no grade.
        """
        years = _of_year("SchoolYear", academic_year)
        told = _of_year("Enrolment", academic_year).order_by().values("organization")
        return self.select_related("parent", "region", "school_profile").annotate(
            level_title=Subquery(years.values("level__title")[:1]),
            level_hours=Subquery(years.values("level__hours")[:1]),
            pupils=Subquery(told.annotate(whole=Sum("pupils")).values("whole")),
            pupils_with_disabilities=Subquery(told.annotate(whole=Sum("with_disabilities")).values("whole")),
            has_ticket=Exists(_tickets(academic_year)),
            has_classes=Exists(_of_year("ProfileClass", academic_year)),
        )

    def with_level_order(self, *, academic_year: int) -> Self:
        """Annotate ``order_number_then`` and ``order_date_then``: the order that fixed the level of the year."""
        years = _of_year("SchoolYear", academic_year)
        return self.annotate(
            order_number_then=Subquery(years.values("order_number")[:1]),
            order_date_then=Subquery(years.values("order_date")[:1]),
        )

    def parent_choices(self) -> list[tuple[int, str]]:
        """Whom these schools answer to, for a filter; the ministry goes last and by what it means."""
        rows = self.order_by().values_list("parent", "parent__short_name", "parent__kind").distinct()
        found = [(pk, name, kind == OrganizationKind.MINISTRY) for pk, name, kind in rows if pk is not None]
        return [
            *by_name((pk, name) for pk, name, is_ministry in found if not is_ministry),
            *((pk, "Региональное подчинение") for pk, _, is_ministry in found if is_ministry),
        ]


def schools() -> SchoolQuerySet:
    """Every school, open or closed; narrow with ``visible_to``."""
    return SchoolQuerySet(Organization).filter(kind=OrganizationKind.SCHOOL)


class SchoolProfileQuerySet(models.QuerySet["SchoolProfile"]):
    """Profiles of schools."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Profiles of the schools the user may know of."""
        return self.filter(organization__in=Organization.objects.visible_to(user))
