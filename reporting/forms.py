"""Forms of the app."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import Organization, Region, User
from accounts.roles import Role
from accounts.russian import by_name
from obligations.models import Requirement
from reporting.querysets import reportable_municipalities, reportable_roadmaps, reportable_self_checks
from roadmap.models import Roadmap
from schools.rules import years_to_show


class _RoadmapField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of editions, told apart by year and order."""

    def label_from_instance(self, obj: Roadmap) -> str:
        """«2023/2024, приказ № 2381»: short enough for a phone, and in force there is one edition of an order."""
        label = f"{obj.year}, приказ №\u00a0{obj.order_number}"
        return f"{label}, {obj.owner.short_name}" if obj.owner else label


class _SelfCheckField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of self-checks, told apart by year, number and date."""

    def label_from_instance(self, obj: Requirement) -> str:
        """«2023/2024, п. 3.1, срок 31.07.2023»."""
        return f"{obj.year}, п.\u00a0{obj.number}, срок {obj.due_on:%d.%m.%Y}"


class _MunicipalityFilter(forms.Form):
    """Of whom: the filter that reports of a region have in common."""

    municipality = forms.ModelChoiceField(
        label="Муниципалитет", queryset=Organization.objects.none(), required=False, empty_label="Все"
    )

    def __init__(self, *args: Any, user: User, region: Region, is_parted: bool = True, **kwargs: Any) -> None:
        """``is_parted``: what the report is about divides into municipalities at all."""
        super().__init__(*args, **kwargs)
        coordinated = [membership for membership in user.active_memberships if membership.role == Role.COORDINATOR]
        whole_region = user.sees_whole_region(region.pk)
        if not is_parted or (len(coordinated) < 2 and not whole_region):
            # Nothing to choose from: the report is about one part already.
            del self.fields["municipality"]
            return
        if whole_region:
            self.fields["municipality"].empty_label = region.name  # type: ignore[attr-defined]
        municipalities = reportable_municipalities(user, region.pk).active()
        field: forms.ModelChoiceField[Organization] = self.fields["municipality"]  # type: ignore[assignment]
        field.queryset = municipalities
        field.choices = [("", field.empty_label), *by_name(municipalities.values_list("pk", "short_name"))]


class ProgressFilterForm(_MunicipalityFilter):
    """Which roadmap, and of whom: the filters above the report."""

    roadmap = _RoadmapField(label="Дорожная карта", queryset=Roadmap.objects.none(), empty_label=None)
    field_order = ("roadmap", "municipality")

    def __init__(self, *args: Any, user: User, about: Roadmap, **kwargs: Any) -> None:
        super().__init__(*args, user=user, region=about.region, is_parted=not about.is_own, **kwargs)
        self.fields["roadmap"].queryset = reportable_roadmaps(user)  # type: ignore[attr-defined]


class ReadinessFilterForm(_MunicipalityFilter):
    """Which self-check, and of whom: the filters above the report."""

    requirement = _SelfCheckField(label="Самодиагностика", queryset=Requirement.objects.none(), empty_label=None)
    field_order = ("requirement", "municipality")

    def __init__(self, *args: Any, user: User, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, user=user, region=region, **kwargs)
        self.fields["requirement"].queryset = reportable_self_checks(user)  # type: ignore[attr-defined]


class LevelsFilterForm(_MunicipalityFilter):
    """Of which year, and of whom: the filters above the list of schools with levels."""

    year = forms.ChoiceField(label="Учебный год")
    field_order = ("year", "municipality")

    def __init__(self, *args: Any, user: User, region: Region, today: date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, region=region, **kwargs)
        years = [(year.start_year, str(year)) for year in years_to_show(today)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
