"""``manage.py load_demo``: fill an empty portal with the demonstration region."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import Region
from accounts.reference import prepare_database
from portal import demonstration


class Command(BaseCommand):
    """Load the demonstration once; a second call changes nothing."""

    help = "Загрузить демонстрационный субъект РФ: настоящую дорожную карту и вымышленные школы."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load unless loaded; refuse to mix made-up schools into a real region."""
        prepare_database()
        if demonstration.is_loaded():
            self.stdout.write("Демонстрационные данные уже загружены.")
        elif Region.objects.filter(is_demonstration=False).exists():
            raise CommandError("В портале уже есть настоящий субъект РФ: демонстрационные данные не загружены.")
        else:
            self.stdout.write("Загружаем демонстрационные данные, это займёт до минуты…")
            now = timezone.now()
            demonstration.load(now=now)
            if not settings.EMAIL_URL:
                demonstration.write_letters(today=timezone.localdate(now), clock=timezone.now)
            self.stdout.write("Готово.")
        self.stdout.write(f"\nВход для знакомства, пароль у всех один: {DEMO_PASSWORD}")
        for login in DEMO_LOGINS:
            self.stdout.write(f"  {login.email:<26} {login.title}")
