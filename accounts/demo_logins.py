"""The sign-ins of the demonstration, one per role. They exist nowhere but in the demonstration region."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Region
from accounts.roles import Role

DEMO_PASSWORD = "profminimum-demo"  # noqa: S105 - shown on the sign-in page of the demonstration


@dataclass(frozen=True)
class DemoLogin:
    """One person of the demonstration: what they show and where they serve."""

    email: str
    role: Role
    title: str
    last_name: str
    first_name: str
    patronymic: str


DEMO_LOGINS = (
    DemoLogin("ministry@demo.example", Role.MINISTRY, "Сотрудник министерства", "Орлова", "Анна", "Сергеевна"),
    DemoLogin("operator@demo.example", Role.OPERATOR, "Региональный оператор", "Лугов", "Олег", "Петрович"),
    DemoLogin("coordinator@demo.example", Role.COORDINATOR, "Муниципальный координатор", "Белов", "Борис", "Ильич"),
    DemoLogin("deputy@demo.example", Role.DEPUTY, "Заместитель директора школы", "Ершова", "Елена", "Викторовна"),
    DemoLogin(
        "lyceum@demo.example", Role.DEPUTY, "Заместитель директора областной школы", "Павлов", "Павел", "Андреевич"
    ),
    DemoLogin("admin@demo.example", Role.ADMINISTRATOR, "Администратор", "Зотова", "Зоя", "Михайловна"),
)


def offered_logins() -> tuple[DemoLogin, ...]:
    """Return the sign-ins to show to a stranger: only where a demonstration region stands, never in production."""
    if settings.PRODUCTION or not Region.objects.filter(is_demonstration=True).exists():
        return ()
    return DEMO_LOGINS
