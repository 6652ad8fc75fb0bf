"""Forms of the second factor: allauth's own, in the portal's words."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def _code_field(help_text: str) -> forms.CharField:
    """Ask for a code, six figures of an app or one of the recovery codes."""
    return forms.CharField(label="Код", max_length=40, help_text=help_text, widget=forms.TextInput(attrs=CODE_ATTRS))


class CodeForm(AuthenticateForm):
    """The second step of signing in."""

    code = _code_field("Шесть цифр из приложения или один из резервных кодов.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_ATTRS)


class ReauthenticationCodeForm(ReauthenticateForm):
    """A code asked again before something weighty."""

    code = _code_field("Шесть цифр из приложения или один из резервных кодов.")


class AppForm(ActivateTOTPForm):
    """The first code of an authenticator app proves that it is set up."""

    code = _code_field("Шесть цифр, которые приложение показывает сейчас.")


class KeyForm(AddWebAuthnForm):
    """A security key and the name it goes by."""

    name = forms.CharField(
        label="Как назвать ключ", max_length=60, required=False, help_text="Например: «Синий ключ», «Рабочий ноутбук»."
    )
