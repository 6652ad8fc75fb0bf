"""Makers of the objects that stories need."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organization, OrganizationKind, Region, User
from obligations.models import Obligation, Requirement
from roadmap.models import Item, Roadmap, Section

LONG_AGO = datetime(2023, 8, 25, 9, 0, tzinfo=ZoneInfo("Europe/Moscow"))


class RegionFactory(DjangoModelFactory[Region]):
    class Meta:
        model = Region

    code = factory.Sequence(lambda n: f"{n:03}")
    name = factory.Sequence(lambda n: f"Область {n}")
    name_genitive = factory.Sequence(lambda n: f"Области {n}")


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    region = factory.SubFactory(RegionFactory)
    name = factory.LazyAttribute(lambda self: f"Организация «{self.short_name}»")
    short_name = factory.Sequence(lambda n: f"Организация {n}")


class MunicipalityFactory(OrganizationFactory):
    kind = OrganizationKind.MUNICIPALITY
    region = factory.LazyAttribute(lambda self: self.parent.region)
    short_name = factory.Sequence(lambda n: f"Муниципалитет {n}")


class SchoolFactory(OrganizationFactory):
    kind = OrganizationKind.SCHOOL
    region = factory.LazyAttribute(lambda self: self.parent.region)
    short_name = factory.Sequence(lambda n: f"Школа № {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.test")
    last_name = "Петрова"
    first_name = factory.Sequence(lambda n: f"Анна{n}")
    password = factory.django.Password("profminimum-2023")


class RequirementFactory(DjangoModelFactory[Requirement]):
    class Meta:
        model = Requirement

    region = factory.SubFactory(RegionFactory)
    academic_year = 2023
    number = factory.Sequence(lambda n: f"9.{n}")
    title = factory.LazyAttribute(lambda self: f"Мероприятие {self.number}")
    basis = "приказ № 2381 от 25.08.2023"
    due_on = date(2023, 10, 20)


class ObligationFactory(DjangoModelFactory[Obligation]):
    class Meta:
        model = Obligation

    requirement = factory.SubFactory(RequirementFactory)
    organization = factory.SubFactory(SchoolFactory)
    due_on = factory.LazyAttribute(lambda self: self.requirement.due_on)
    created_at = LONG_AGO


class RoadmapFactory(DjangoModelFactory[Roadmap]):
    class Meta:
        model = Roadmap

    region = factory.SubFactory(RegionFactory)
    academic_year = 2023
    order_number = "2381"
    order_date = date(2023, 8, 25)
    title = "Региональный план-график мероприятий («дорожная карта»)"
    created_at = LONG_AGO


class SectionFactory(DjangoModelFactory[Section]):
    class Meta:
        model = Section

    roadmap = factory.SubFactory(RoadmapFactory)
    number = factory.Sequence(lambda n: str(n + 1))
    position = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda self: f"Раздел {self.number}")


class ItemFactory(DjangoModelFactory[Item]):
    class Meta:
        model = Item

    section = factory.SubFactory(SectionFactory)
    number = factory.Sequence(lambda n: f"1.{n + 1}")
    position = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda self: f"Мероприятие {self.number}")
    deadline_text = "До 20.10.2023 г."


def person(name: str, role: str, organization: Organization, **fields: Any) -> User:
    """Make a user known by their first name, serving the organization in the role."""
    user = UserFactory(email=f"{name}@example.test", first_name=name.title(), **fields)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user
