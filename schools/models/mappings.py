"""What the columns of other people's tables mean, as somebody once said and the portal remembers."""

from django.db import models

from accounts.models import Region, User
from schools.models.lists import ListKind
from schools.querysets import ColumnMappingQuerySet


class ColumnMapping(models.Model):
    """Which column of a table with such a head holds what; remembered for a region and a kind of list.

    The head is known by the words of its titles in whatever order (`head` is a checksum of them), so the next file
    of the same people is read right at once.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="column_mappings", verbose_name="субъект РФ")
    kind = models.CharField("список", max_length=16, choices=ListKind, default=ListKind.SCHOOLS)
    head = models.CharField("контрольная сумма заголовков", max_length=64)
    titles = models.JSONField("заголовки")
    # The key of a title (`sheets.heads.column_keys`) to the name of a field; an empty name is a column nobody reads.
    fields = models.JSONField("что в столбцах")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто")
    at = models.DateTimeField("когда")

    objects = ColumnMappingQuerySet.as_manager()

    class Meta:
        verbose_name = "соответствие столбцов"
        verbose_name_plural = "соответствия столбцов"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "head"], name="column_mapping_once_a_head"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.titles)
