"""The host's own look at the registry: levels, profiles, imports. Lists come in by the portal's own page."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import OrganizationAdmin
from accounts.models import Organization, OrganizationKind, User
from obligations.admin import LookingOnly
from obligations.reconciling import reconcile_region
from schools.actions import note_status_changes
from schools.actions.changes import facts_of, tell_changes
from schools.models import ChangeSource, Level, SchoolImport, SchoolProfile, SchoolYear

_BEFORE = "what the school was"

_BY_HAND = "Правка реестра."


class ProfileInline(admin.StackedInline):  # type: ignore[type-arg]
    """A school's contact."""

    model = SchoolProfile


class YearInline(admin.TabularInline):  # type: ignore[type-arg]
    """A school's level by academic year."""

    model = SchoolYear
    extra = 0


admin.site.unregister(Organization)


@admin.register(Organization)
class OrganizationWithSchoolAdmin(OrganizationAdmin):
    """The tree of organizations; schools with what the registry keeps of them."""

    def get_inlines(self, request: HttpRequest, obj: Organization | None) -> Any:
        """Show contact and levels of schools alone."""
        if obj is not None and obj.kind == OrganizationKind.SCHOOL:
            return [ProfileInline, YearInline, *self.inlines]
        return self.inlines

    def save_model(
        self, request: HttpRequest, obj: Organization, form: "ModelForm[Organization]", change: bool
    ) -> None:
        """Remember what the school was, for its history."""
        form.cleaned_data[_BEFORE] = facts_of(obj) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: "ModelForm[Organization]", formsets: Any, change: bool) -> None:
        """A school that was renamed is found by its new name; obligations follow what was changed."""
        super().save_related(request, form, formsets, change)
        organization, now = form.instance, timezone.now()
        by = request.user if isinstance(request.user, User) else None
        today = organization.region.local(now).date()
        is_known_school = change and organization.kind == OrganizationKind.SCHOOL
        if is_known_school:
            tell_changes(organization, form.cleaned_data[_BEFORE], by=by, at=now, source=ChangeSource.HOST, on=today)
        reconcile_region(region=organization.region, by=by, at=now, organizations=[organization.pk], note=_BY_HAND)
        if is_known_school and "is_active" in form.changed_data:
            note_status_changes(
                changed={organization.pk: organization.is_active}, reason=_BY_HAND, on=today, by=by, now=now
            )
        for profile in SchoolProfile.objects.filter(organization=form.instance):
            profile.save()


@admin.register(Level)
class LevelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Levels of the career-guidance minimum."""

    list_display = ["title", "hours", "code"]


@admin.register(SchoolImport)
class SchoolImportAdmin(LookingOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Imports: who, when, which file, what came of it."""

    list_display = [
        "filename",
        "listing",
        "region",
        "academic_year",
        "created",
        "changed",
        "unchanged",
        "by",
        "at",
        "undone_at",
    ]
    list_filter = ["listing", "region", "academic_year"]
    list_select_related = ["region", "by"]
