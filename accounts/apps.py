"""The app of people and organizations."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who is who."""

    name = "accounts"
    verbose_name = "Организации и пользователи"
