"""Forms of signing in."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from accounts import russian
from accounts.actions import attempts
from accounts.models import User


class SignInForm(AuthenticationForm):
    """Sign-in by e-mail and password; too many wrong passwords close the door for a while."""

    username = forms.EmailField(
        label="Электронная почта",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"invalid": "Введите адрес целиком, например ivanova@school.ru."},
    )
    password = forms.CharField(
        label="Пароль", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    error_messages = {
        "invalid_login": (
            "Почта или пароль не подошли. Проверьте адрес, раскладку клавиатуры и не нажата ли клавиша Caps Lock."
        ),
        "inactive": "Эта учётная запись закрыта. Обратитесь к администратору портала.",
    }

    def __init__(self, *args: Any, now: datetime | None = None, address: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.address = now, address

    def clean(self) -> dict[str, Any]:
        """Look at the password unless there were too many attempts; a right one wipes the wrong ones."""
        email = str(self.cleaned_data.get("username", "")).strip().lower()
        if not email or not self.cleaned_data.get("password") or self.now is None:
            return super().clean()
        if until := attempts.begin_attempt(email=email, address=self.address, now=self.now):
            raise ValidationError(too_many(until, self.now), code="locked")
        try:
            cleaned = super().clean()
        except ValidationError:
            attempts.note_lock(email=email, address=self.address, now=self.now)
            raise
        attempts.forget_attempts(email=email, address=self.address)
        return cleaned


def too_many(until: datetime, now: datetime) -> str:
    """Say when to try again and what else to do."""
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    wait = russian.counted(minutes, "минуту", "минуты", "минут")
    return (
        f"Слишком много неудачных попыток. Попробуйте снова через {wait} "
        "или задайте новый пароль по ссылке «Забыли пароль?». Срочно — администратор портала откроет вход раньше."
    )


class ConfirmPasswordForm(forms.Form):
    """The password again, before something weighty."""

    password = forms.CharField(
        label="Пароль",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a wrong one."""
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise ValidationError("Пароль не подошёл.")
        return password


class PasswordResetAskForm(forms.Form):
    """To which address the link to a new password should go."""

    email = forms.EmailField(
        label="Электронная почта",
        help_text="Та, по которой вы входите.",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"invalid": "Введите адрес целиком, например ivanova@school.ru."},
    )

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).strip().lower()
