"""Roles a person may hold in an organization."""

from django.db import models


class Role(models.TextChoices):
    """What a membership lets its holder do; the scope comes from the organization."""

    MINISTRY = "ministry", "Сотрудник министерства"
    OPERATOR = "operator", "Региональный оператор"
    COORDINATOR = "coordinator", "Муниципальный координатор"
    DEPUTY = "deputy", "Ответственный в организации"
    ADMINISTRATOR = "administrator", "Администратор"


# Roles that see the whole region of their organization rather than a subtree.
REGION_WIDE = frozenset({Role.MINISTRY, Role.OPERATOR, Role.ADMINISTRATOR})

# Roles that act for their organization: close what it owes. An administrator keeps the registry
# and never answers in an organization's name.
ACTING = frozenset({Role.MINISTRY, Role.OPERATOR, Role.COORDINATOR, Role.DEPUTY})
