"""The app's configuration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The regional event catalogue."""

    name = "events"
    verbose_name = "Каталог мероприятий"
