"""Forms of invitations and of hand-over."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from accounts.actions.invitations import NewPerson
from accounts.contacts import Contact
from accounts.models import Invitation, Membership, Organization, User, roles_for
from accounts.roles import Role
from accounts.rules import may_invite

CONSENT = (
    "Согласен(на) на обработку моих персональных данных: имени, должности, почты и телефона — для работы на портале"
)


class ContactFields(forms.Form):
    """Who is asked: the address decides, the rest makes the letter friendlier."""

    email = forms.EmailField(
        label="Электронная почта",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Введите адрес целиком, например ivanova@school.ru."},
    )
    last_name = forms.CharField(label="Фамилия", required=False, max_length=80)
    first_name = forms.CharField(label="Имя", required=False, max_length=80)
    patronymic = forms.CharField(label="Отчество", required=False, max_length=80)
    post = forms.CharField(label="Должность", required=False, max_length=200)

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).strip().lower()

    def contact(self) -> Contact:
        """What was filled in."""
        data = self.cleaned_data
        return Contact(data["email"], data["last_name"], data["first_name"], data["patronymic"], data["post"])


class InviteForm(ContactFields):
    """One person into one post of an organization."""

    role = forms.ChoiceField(label="Роль")

    def __init__(self, *args: Any, organization: Organization, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in roles_for(organization.kind) if may_invite(user, organization, role)]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["role"].widget = forms.HiddenInput()
            self.fields["role"].initial = roles[0].value

    def chosen_role(self) -> Role:
        """The role that was chosen."""
        return Role(self.cleaned_data["role"])


class HandOverForm(ContactFields):
    """Somebody leaves a post; whoever comes after them may be known already."""

    ended_on = forms.DateField(
        label="С какого дня не работает",
        help_text="Сегодня или раньше: доступ закрывается сразу.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Основание", required=False, max_length=300, help_text="Например: приказ № 12-к от 01.09.2023."
    )
    field_order = ("ended_on", "reason", "email", "last_name", "first_name", "patronymic", "post")

    def __init__(self, *args: Any, membership: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership, self.today = membership, today
        self.fields["ended_on"].initial = today
        email = self.fields["email"]
        email.required, email.label = False, "Электронная почта преемника"
        email.help_text = "Преемник получит приглашение. Если он ещё не назначен, оставьте поле пустым."

    def clean_ended_on(self) -> date:
        """Refuse a day to come and one before the service began."""
        ended_on: date = self.cleaned_data["ended_on"]
        if ended_on > self.today:
            raise ValidationError("Дата ещё не наступила. Передайте обязанности в этот день.")
        if self.membership.since and ended_on < self.membership.since:
            raise ValidationError(f"Раньше, чем начал(а) работать: {self.membership.since:%d.%m.%Y}.")
        return ended_on

    def clean_email(self) -> str:
        """Refuse to hand over to the leaver."""
        email = super().clean_email()
        if email == self.membership.user.email:
            raise ValidationError("Это адрес того, кто передаёт обязанности.")
        return email

    def successor(self) -> Contact | None:
        """Who comes after, if that is known."""
        return self.contact() if self.cleaned_data["email"] else None


class AcceptForm(forms.Form):
    """A new person: their name, a password, consent."""

    last_name = forms.CharField(
        label="Фамилия", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    first_name = forms.CharField(
        label="Имя", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    patronymic = forms.CharField(
        label="Отчество",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "additional-name"}),
    )
    post = forms.CharField(
        label="Должность", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization-title"})
    )
    phone = forms.CharField(
        label="Телефон",
        max_length=40,
        required=False,
        help_text="По нему позвонят, если что-то срочное.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    password1 = forms.CharField(
        label="Придумайте пароль",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html(),
    )
    password2 = forms.CharField(
        label="Пароль ещё раз", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    consent = forms.BooleanField(label=CONSENT, error_messages={"required": "Без согласия работать на портале нельзя."})

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        for name in ("last_name", "first_name", "patronymic", "post", "phone"):
            self.fields[name].initial = getattr(invitation, name)

    def clean(self) -> dict[str, Any]:
        """Hold the two passwords against each other and against the rules, names and address included."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Пароли не совпали.")
        if first:
            person = User(
                email=self.invitation.email, last_name=data.get("last_name", ""), first_name=data.get("first_name", "")
            )
            try:
                password_validation.validate_password(first, person)
            except ValidationError as weak:
                self.add_error("password1", weak)
        return data

    def person(self) -> NewPerson:
        """What was filled in."""
        data = self.cleaned_data
        return NewPerson(
            data["last_name"],
            data["first_name"],
            data["patronymic"],
            data["phone"],
            data["post"],
            data["password1"],
        )


class JoinForm(forms.Form):
    """Somebody who has an account takes one more post."""

    consent = forms.BooleanField(label=CONSENT, error_messages={"required": "Без согласия работать на портале нельзя."})
