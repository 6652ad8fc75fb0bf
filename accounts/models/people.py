"""People and the roles they hold in organizations."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, AnonymousUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from accounts.models.organizations import Organization, OrganizationKind
from accounts.querysets import MembershipQuerySet
from accounts.roles import ACTING, REGION_WIDE, Role


class UserManager(BaseUserManager["User"]):
    """Creates users, who are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who signs in by ``email``; raises ValueError without one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create the host's own administrator, who sees every region."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def visible_to(self, user: "User | AnonymousUser") -> "models.QuerySet[User]":
        """People who serve, or have served, in organizations whose people the user appoints."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        return self.filter(pk__in=Membership.objects.visible_to(user).values("user"))

    def hosts(self) -> "models.QuerySet[User]":
        """The host's own administrators, who may belong to no organization at all."""
        return self.filter(is_superuser=True, is_active=True).order_by("last_name", "first_name", "email")

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a user by e-mail in any case: nobody remembers how they capitalised it."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person who signs in by e-mail. What they may do comes from their memberships."""

    username = None  # type: ignore[assignment]
    first_name = models.CharField("имя", max_length=80, blank=True)
    last_name = models.CharField("фамилия", max_length=80, blank=True)
    patronymic = models.CharField("отчество", max_length=80, blank=True)
    email = models.EmailField(
        "электронная почта", unique=True, error_messages={"unique": "Этот адрес уже зарегистрирован."}
    )
    phone = models.CharField("телефон", max_length=40, blank=True)
    consented_at = models.DateTimeField("согласие на обработку данных", null=True, blank=True)

    # The organization the person has chosen to work for in this session, if any: set for each request
    # by ``accounts.middleware``. It narrows lists of work, never what may be seen or done.
    chosen_organization_id: int | None = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """Return «Фамилия Имя Отчество», as much of it as is known."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """Memberships in force with their organizations, read once per request."""
        return list(
            self.memberships.filter(ended_on=None)
            .select_related("organization__region", "organization__parent")
            .order_by("pk")
        )

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the person holds one of the roles anywhere."""
        return any(membership.role in roles for membership in self.active_memberships)

    def acts_for(self, organization: Organization) -> bool:
        """Tell whether the person may answer in the organization's name."""
        return any(
            membership.organization_id == organization.pk and membership.role in ACTING
            for membership in self.active_memberships
        )

    @property
    def working_memberships(self) -> list["Membership"]:
        """Memberships of the organization chosen in this session; all of them while none is chosen."""
        chosen = [one for one in self.active_memberships if one.organization_id == self.chosen_organization_id]
        return chosen or self.active_memberships

    @property
    def chosen_organization(self) -> Organization | None:
        """The organization chosen in this session, while the person still serves it."""
        for membership in self.active_memberships:
            if membership.organization_id == self.chosen_organization_id:
                return membership.organization
        return None

    @property
    def acting_organization_ids(self) -> list[int]:
        """Organizations in whose name the person works now: those of ``working_memberships``."""
        return [membership.organization_id for membership in self.working_memberships if membership.role in ACTING]

    @property
    def administered_region_ids(self) -> set[int]:
        """Regions whose people the person administers."""
        return {one.organization.region_id for one in self.active_memberships if one.role == Role.ADMINISTRATOR}

    @property
    def coordinated_organization_ids(self) -> set[int]:
        """Municipal authorities that the person coordinates."""
        return {one.organization_id for one in self.active_memberships if one.role == Role.COORDINATOR}

    def sees_whole_region(self, region_id: int) -> bool:
        """Tell whether the person sees every organization of the region."""
        return self.is_superuser or any(
            membership.role in REGION_WIDE and membership.organization.region_id == region_id
            for membership in self.active_memberships
        )


class Membership(models.Model):
    """A person serves an organization in a role, at a post, until it ends."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="пользователь")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="memberships", verbose_name="организация"
    )
    role = models.CharField("роль", max_length=16, choices=Role)
    post = models.CharField("должность", max_length=200, blank=True)
    since = models.DateField("с какого дня", null=True, blank=True)
    # The first day on which the person no longer serves.
    ended_on = models.DateField("прекращено с", null=True, blank=True)
    end_reason = models.CharField("почему прекращено", max_length=300, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "участие в организации"
        verbose_name_plural = "участие в организациях"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"], condition=Q(ended_on=None), name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(ended_on=None) | Q(since__lte=F("ended_on")),
                name="membership_ends_after_it_begins",
                violation_error_message="Дата окончания раньше даты начала.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.get_role_display()}, {self.organization}"

    def clean(self) -> None:
        """Refuse a role that makes no sense in an organization of this kind."""
        if self.organization_id and self.role not in roles_for(self.organization.kind):
            raise ValidationError({"role": "Такая роль невозможна в организации этого вида."})


def roles_for(kind: str) -> tuple[Role, ...]:
    """Return the roles that people may hold in an organization of ``kind``."""
    match kind:
        case OrganizationKind.MINISTRY:
            return (Role.MINISTRY, Role.ADMINISTRATOR)
        case OrganizationKind.OPERATOR:
            return (Role.OPERATOR,)
        case OrganizationKind.MUNICIPALITY:
            return (Role.COORDINATOR,)
        case _:
            return (Role.DEPUTY,)
