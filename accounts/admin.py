"""Service pages for the host's administrators: who is who.

Django's admin and model forms take their type parameters in the stubs only, never at run time.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models

from accounts.models import BodyAlias, Membership, Organization, OrganizationTrait, Region, User


def _lower_case(email: str, person: User) -> str:
    """Keep an address as the sign-in looks it up, and refuse one that differs from another by case alone."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exclude(pk=person.pk).exists():
        raise forms.ValidationError("Этот адрес уже зарегистрирован.")
    return email


class PersonCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]
    """A new person, known by e-mail."""

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return _lower_case(self.cleaned_data["email"], self.instance)


class PersonChangeForm(UserChangeForm):  # type: ignore[type-arg]
    """A person's particulars."""

    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return _lower_case(self.cleaned_data["email"], self.instance)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """For whom a person acts, and in which role."""

    model = Membership
    extra = 1
    autocomplete_fields = ("organization",)


class TraitInline(admin.TabularInline):  # type: ignore[type-arg]
    """Characteristics of an organization by academic year."""

    model = OrganizationTrait
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """People and their memberships."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ("email", "last_name", "first_name", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "memberships__role")
    search_fields = ("email", "last_name", "first_name")
    ordering = ("last_name", "first_name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        ("Кто это", {"fields": ("last_name", "first_name", "patronymic", "phone")}),
        ("Доступ", {"fields": ("is_active", "is_superuser")}),
        ("Когда", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)

    def get_inlines(self, request: Any, obj: User | None) -> Any:
        """Give a person roles once the person is there."""
        return self.inlines if obj else ()


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Regions of this installation."""

    list_display = ("name", "code", "time_zone", "is_demonstration")
    search_fields = ("name", "code")


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The tree of organizations."""

    list_display = ("short_name", "kind", "parent", "inn", "is_active")
    list_filter = ("region", "kind", "is_active")
    list_select_related = ("parent",)
    search_fields = ("short_name", "name", "inn", "code")
    autocomplete_fields = ("parent",)
    inlines = (TraitInline,)
    # A site typed without its scheme is taken to be a safe one.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(BodyAlias)
class BodyAliasAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """How documents call responsible bodies."""

    list_display = ("text", "organization", "group", "region")
    list_filter = ("region",)
    list_select_related = ("organization", "region")
    search_fields = ("text",)
    autocomplete_fields = ("organization",)


# Rights come from memberships; Django's groups would only mislead.
admin.site.unregister(Group)
