"""The host's own look at the tables. Read only: nobody but the workflow changes an obligation."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from obligations.models import Digest, Evidence, Obligation, Requirement, ReviewStep


class LookingOnly:
    """Takes the rights to add, change and delete from an admin page."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False


@admin.register(Requirement)
class RequirementAdmin(LookingOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Requirements."""

    list_display = ["number", "title", "region", "academic_year", "due_on"]
    list_filter = ["region", "academic_year"]
    list_select_related = ["region"]
    search_fields = ["number", "title"]


@admin.register(Obligation)
class ObligationAdmin(LookingOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Obligations."""

    list_display = ["requirement", "organization", "state", "due_on", "submitted_at", "decided_at"]
    list_filter = ["state", "requirement__academic_year"]
    list_select_related = ["requirement", "organization"]
    search_fields = ["requirement__number", "organization__short_name", "organization__inn"]


@admin.register(ReviewStep)
class ReviewStepAdmin(LookingOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Steps of review."""

    list_display = ["obligation", "act", "from_state", "to_state", "by", "at"]
    list_filter = ["act", "reason"]
    list_select_related = ["obligation__requirement", "obligation__organization", "by"]


@admin.register(Evidence)
class EvidenceAdmin(LookingOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Evidence: titles and checksums; the files are given out by the portal's own pages."""

    list_display = ["title", "kind", "obligation", "size", "added_by", "added_at", "removed_at"]
    exclude = ["file"]
    list_select_related = ["obligation__requirement", "obligation__organization", "added_by"]


@admin.register(Digest)
class DigestAdmin(LookingOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Reminders sent and to be sent."""

    list_display = ["user", "day", "subject", "created_at", "sent_at"]
    list_select_related = ["user"]
