"""The filters of the lists of people."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.aggregates import any_case
from accounts.models import Membership, Organization, User
from accounts.roles import Role
from accounts.russian import by_name

SIGNED = {"": "Все", "never": "Ни разу не входили", "entered": "Входили"}


class PeopleFilters(forms.Form):
    """Whom to show; everything stands in the address and can be shared."""

    q = forms.CharField(label="Имя, почта, организация", required=False, max_length=100)
    signed = forms.ChoiceField(label="Вход на портал", required=False, choices=list(SIGNED.items()))
    role = forms.ChoiceField(label="Роль", required=False, choices=[("", "Все роли"), *Role.choices])
    municipality = forms.TypedChoiceField(label="Муниципалитет", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipalities = Organization.objects.visible_to(user).municipalities().values_list("pk", "short_name")
        choices = by_name(municipalities.order_by())
        if len(choices) > 1:
            field = self.fields["municipality"]
            field.choices = [("", "Все муниципалитеты"), *choices]  # type: ignore[attr-defined]
        else:
            # A coordinator has one municipality and one role to look after.
            del self.fields["municipality"], self.fields["role"]
        self.is_bound = True
        self.full_clean()

    def narrow(self, memberships: QuerySet[Membership]) -> QuerySet[Membership]:
        """Apply what is asked; a value that means nothing narrows nothing."""
        asked = self.cleaned_data
        for word in asked.get("q", "").split():
            memberships = memberships.filter(
                any_case("user__last_name", word)
                | any_case("user__first_name", word)
                | any_case("user__patronymic", word)
                | Q(user__email__icontains=word)
                | any_case("organization__short_name", word)
            )
        if asked.get("signed"):
            memberships = memberships.filter(user__last_login__isnull=asked["signed"] == "never")
        if asked.get("role"):
            memberships = memberships.filter(role=asked["role"])
        if asked.get("municipality"):
            memberships = memberships.filter(
                Q(organization=asked["municipality"]) | Q(organization__parent=asked["municipality"])
            )
        return memberships

    @property
    def is_narrowed(self) -> bool:
        """Something was asked."""
        return any(self.cleaned_data.values())
