"""Forms of signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Sign-in by e-mail and password."""

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
