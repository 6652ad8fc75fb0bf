"""The tallies: how many obligations lie where."""

from django.db import models

from accounts.models import Organization
from obligations.models.requirements import Requirement
from obligations.querysets import TallyEntryQuerySet
from obligations.states import State


class TallyEntry(models.Model):
    """So many obligations came into one drawer of the tallies, or went out of it; a drawer's entries add up.

    Written by the database alone (``obligations.tallies``): whatever changes an obligation, changes the tallies
    in the same transaction. Without an authority an entry is about the whole region.
    """

    requirement = models.ForeignKey(
        Requirement, models.DO_NOTHING, db_constraint=False, related_name="tally_entries", verbose_name="требование"
    )
    authority = models.ForeignKey(
        Organization,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name="кому подотчётны",
    )
    kind = models.CharField("вид организаций", max_length=24)
    state = models.CharField("состояние", max_length=16, choices=State)
    due_on = models.DateField("срок")
    is_handed_in = models.BooleanField("сдано хотя бы раз")
    is_on_time = models.BooleanField("впервые сдано в срок")
    amount = models.IntegerField("прибыло или убыло")

    objects = TallyEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "запись учёта поручений"
        verbose_name_plural = "записи учёта поручений"
        indexes = [models.Index(fields=["authority", "requirement"])]

    def __str__(self) -> str:
        return f"{self.requirement_id}, {self.authority_id}, {self.state}: {self.amount:+}"
