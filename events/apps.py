"""The app's configuration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Каталог мероприятий."""

    name = "events"
    verbose_name = "Каталог мероприятий"
