"""Service pages for the host's administrators: editions as they are; nothing is changed here."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from roadmap.models import Item, Occurrence, Roadmap


class _ReadOnly:
    """An edition changes only by importing, correcting and approving it."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False


@admin.register(Roadmap)
class RoadmapAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Editions of roadmaps."""

    list_display = ("__str__", "region", "state", "edition", "approved_at")
    list_filter = ("state", "academic_year", "region")
    list_select_related = ("region",)


class OccurrenceInline(_ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The dates of an item."""

    model = Occurrence
    extra = 0


@admin.register(Item)
class ItemAdmin(_ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Items of roadmaps."""

    list_display = ("number", "title", "deadline_text", "schedule_kind")
    list_filter = ("schedule_kind", "section__roadmap")
    search_fields = ("number", "title")
    inlines = (OccurrenceInline,)
