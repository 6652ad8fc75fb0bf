"""Scope of norms, and which of them are in force."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import Region, User
from schools.planning.norms import DirectionNorm, LevelNorms

if TYPE_CHECKING:
    from schools.models import NormSet


class NormSetQuerySet(models.QuerySet["NormSet"]):
    """Sets of norms: federal ones and those of regions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The federal norms and those of the user's regions."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(Q(region=None) | Q(region__in=Region.objects.visible_to(user)))

    def for_region(self, region: Region, academic_year: int) -> Self:
        """What may bind the region in the year, the set in force first.

        The newest year wins (a methodology reissued for everybody takes the place of last year's own norms), within
        a year the region's own, of those the latest.
        """
        mine = self.filter(Q(region=region) | Q(region=None), academic_year__lte=academic_year)
        return mine.order_by("-academic_year", F("region").asc(nulls_last=True), "-at", "-pk")


def level_norms(region: Region, academic_year: int) -> dict[str, LevelNorms]:
    """Return what binds the levels of a region in a year, by the code of the level; four queries."""
    norms = apps.get_model("schools", "NormSet").objects.for_region(region, academic_year).first()
    rows = list(norms.rows.all()) if norms else []
    directions = list(apps.get_model("schools", "Direction").objects.all())
    found = {}
    for level in apps.get_model("schools", "Level").objects.all():
        mine = {row.direction_id: row for row in rows if row.level_id == level.pk}
        found[level.code] = LevelNorms(
            code=level.code,
            title=level.title,
            total=mine[None].hours if None in mine else level.hours,
            directions=tuple(
                DirectionNorm(
                    code=direction.code,
                    title=direction.title,
                    hours=mine[direction.pk].hours if direction.pk in mine else 0,
                    is_required=direction.pk in mine and mine[direction.pk].is_required,
                    has_hours=direction.has_hours,
                )
                for direction in directions
            ),
        )
    return found
