"""Pages about people: who serves where, who has never signed in, coverage, invitations in bulk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import aggregates
from accounts.contacts import contacts_of
from accounts.models import Invitation, InvitationBatch, InvitationState, Membership, Organization, Region, User
from accounts.tasks import send_invitations
from exports.models import Export
from exports.tasks import build_export
from schools.models import SchoolProfile
from tests import factories
from tests.accounts.stories import invited
from tests.conftest import NOW

SignIn = Callable[[User], Client]


def shown(client: Client, name: str, *args: int, **filters: str) -> str:
    """Open a page of the app."""
    return client.get(reverse(f"accounts:{name}", args=args), filters).content.decode()


class TestPeople:
    def test_an_administrator_sees_the_region_a_coordinator_the_schools(
        self, zoya: User, boris: User, elena: User, maria: User, viktor: User
    ) -> None:
        pages = {}
        for user in (zoya, boris):
            client = Client()
            client.force_login(user)
            pages[user.first_name] = shown(client, "people")
        assert elena.email in pages["Zoya"]
        assert maria.email in pages["Zoya"]
        assert boris.email in pages["Zoya"]
        assert viktor.email not in pages["Zoya"]
        assert elena.email in pages["Boris"]
        assert maria.email not in pages["Boris"]

    def test_who_never_signed_in_is_a_filter_away(self, sign_in: SignIn, zoya: User, elena: User, ivan: User) -> None:
        ivan.last_login = NOW
        ivan.save()
        page = shown(sign_in(zoya), "people", signed="never")
        assert elena.email in page
        assert ivan.email not in page
        assert ivan.email in shown(sign_in(zoya), "people", signed="entered")

    @pytest.mark.parametrize("asked", ["ПЕТРОВА Elena", "петрова elena", "ELENA@", "бондарская", "БОНДАРСКАЯ"])
    def test_the_search_knows_no_case(self, sign_in: SignIn, zoya: User, elena: User, ivan: User, asked: str) -> None:
        page = shown(sign_in(zoya), "people", q=asked)
        assert elena.email in page
        assert ivan.email not in page

    def test_a_municipality_and_a_role_narrow_it(
        self, sign_in: SignIn, zoya: User, elena: User, maria: User, boris: User, morshansky: Organization
    ) -> None:
        page = shown(sign_in(zoya), "people", municipality=str(morshansky.pk), role="deputy")
        assert maria.email in page
        assert elena.email not in page
        assert boris.email not in page

    def test_nonsense_in_the_address_narrows_nothing(self, sign_in: SignIn, zoya: User, elena: User) -> None:
        assert elena.email in shown(sign_in(zoya), "people", role="king", municipality="x", signed="?", page="-1")

    def test_the_list_costs_the_same_for_one_and_for_three(
        self, sign_in: SignIn, zoya: User, bondarsky: Organization, django_assert_num_queries: Any
    ) -> None:
        client = sign_in(zoya)
        url = reverse("accounts:people")
        for school_count in (1, 3):
            while Membership.objects.filter(role="deputy").count() < school_count:
                school = factories.SchoolFactory(parent=bondarsky)
                factories.person(f"d{school.pk}", "deputy", school)
            with django_assert_num_queries(9):
                client.get(url)

    def test_one_button_invites_who_never_came(self, sign_in: SignIn, zoya: User, elena: User) -> None:
        client = sign_in(zoya)
        url = reverse("accounts:remind", args=[elena.memberships.get().pk])
        client.post(url)
        send_invitations()
        client.post(url)
        send_invitations()
        assert [letter.to for letter in mail.outbox] == [[elena.email]] * 2
        assert Invitation.objects.count() == 1

    def test_the_page_of_a_person_tells_the_journal_to_administrators_alone(
        self, zoya: User, boris: User, elena: User
    ) -> None:
        Client().post(reverse("accounts:login"), {"username": elena.email, "password": "profminimum-2023"})
        told = {}
        for user in (zoya, boris):
            client = Client()
            client.force_login(user)
            told[user.first_name] = "Журнал доступа" in shown(client, "person", elena.pk)
        assert told == {"Zoya": True, "Boris": False}


class TestCoverage:
    def test_it_counts_schools_with_a_deputy_in_force(
        self,
        zoya: User,
        elena: User,
        ivan: User,
        maria: User,
        lyceum: Organization,
        region: Region,
    ) -> None:
        elena.last_login = NOW
        elena.save()
        maria.is_active = False
        maria.save()
        invited(lyceum, by=zoya, now=NOW)
        counted = aggregates.coverage(zoya, now=NOW)
        assert (counted.schools, counted.with_deputy, counted.signed_in, counted.vacant) == (4, 2, 1, 2)
        assert counted.invited == 1
        assert aggregates.coverage(zoya, now=NOW + timedelta(days=20)).invited == 0

    def test_the_page_says_it(self, sign_in: SignIn, zoya: User, elena: User, ivan: User, lyceum: Organization) -> None:
        assert "2 из 3\u00a0школ с действующим ответственным" in shown(sign_in(zoya), "people")

    def test_a_closed_school_needs_nobody(self, zoya: User, lyceum: Organization, elena: User) -> None:
        lyceum.is_active = False
        lyceum.save()
        assert aggregates.coverage(zoya, now=NOW).vacant == 0


class TestBulk:
    @pytest.fixture
    def vacant(self, bondarsky: Organization, morshansky: Organization) -> list[Organization]:
        """Three schools nobody answers for, with contacts in the registry; the third belongs to Моршанский."""
        parents = (bondarsky, bondarsky, morshansky)
        schools: list[Organization] = [factories.SchoolFactory(parent=parent) for parent in parents]
        for number, school in enumerate(schools):
            SchoolProfile.objects.create(
                organization=school, contact_name="Новая Нина Павловна", contact_email=f"N{number}@School.test"
            )
        return schools

    def test_all_at_once_one_letter_each(self, sign_in: SignIn, zoya: User, vacant: list[Organization]) -> None:
        client = sign_in(zoya)
        page = shown(client, "invite_schools")
        assert all(f"n{number}@school.test" in page for number in range(3))
        url, form = reverse("accounts:invite_schools"), {"schools": [school.pk for school in vacant]}
        progress = client.post(url, form)
        batch = InvitationBatch.objects.get()
        assert progress.headers["Location"] == reverse("accounts:batch", args=[batch.pk])
        assert 'hx-trigger="every 2s"' in shown(client, "batch", batch.pk)
        client.post(url, form)
        send_invitations()
        assert sorted(letter.to[0] for letter in mail.outbox) == [f"n{number}@school.test" for number in range(3)]
        assert "Здравствуйте, Нина Павловна" in str(mail.outbox[0].body)
        done = shown(client, "batch_status", batch.pk)
        assert "3\u00a0письма" in done
        assert "hx-trigger" not in done

    def test_one_button_invites_all_of_them_however_many(
        self, sign_in: SignIn, zoya: User, vacant: list[Organization]
    ) -> None:
        client, url = sign_in(zoya), reverse("accounts:invite_schools")
        client.post(url, {"all": "1"})
        assert Invitation.objects.count() == len(vacant)
        assert "Уже приглашены" in shown(client, "invite_schools")
        client.post(url, {"all": "1"})
        assert Invitation.objects.count() == len(vacant)

    def test_a_coordinator_invites_only_the_own_schools(
        self, sign_in: SignIn, boris: User, vacant: list[Organization]
    ) -> None:
        sign_in(boris).post(reverse("accounts:invite_schools"), {"schools": [school.pk for school in vacant]})
        assert set(Invitation.objects.values_list("organization", flat=True)) == {vacant[0].pk, vacant[1].pk}

    def test_nothing_ticked_sends_nothing(self, sign_in: SignIn, zoya: User, vacant: list[Organization]) -> None:
        page = sign_in(zoya).post(reverse("accounts:invite_schools"), {"schools": ["x"]}, follow=True)
        assert "Отметьте школы" in page.content.decode()
        assert not Invitation.objects.exists()

    def test_the_page_costs_the_same_for_one_and_for_three(
        self, sign_in: SignIn, zoya: User, vacant: list[Organization], django_assert_num_queries: Any
    ) -> None:
        client, url = sign_in(zoya), reverse("accounts:invite_schools")
        with django_assert_num_queries(7):
            client.get(url)
        Organization.objects.filter(pk__in=[vacant[0].pk, vacant[1].pk]).update(is_active=False)
        with django_assert_num_queries(7):
            client.get(url)

    def test_a_contact_with_part_of_a_name_will_do(self, vacant: list[Organization]) -> None:
        SchoolProfile.objects.filter(organization=vacant[0]).update(contact_name="Нина")
        SchoolProfile.objects.filter(organization=vacant[1]).update(contact_email="")
        found = contacts_of(vacant)
        assert found[vacant[0].pk].last_name == "Нина"
        assert vacant[1].pk not in found


class TestInvitations:
    def test_each_state_has_its_filter(self, sign_in: SignIn, zoya: User, vacancy: list[Organization]) -> None:
        now = timezone.now()
        invited(vacancy[0], by=zoya, now=now, email="sent@example.test")
        invited(vacancy[1], by=zoya, now=now - timedelta(days=30), email="late@example.test")
        invited(vacancy[2], by=zoya, now=now, email="queued@example.test", state=InvitationState.QUEUED)
        client = sign_in(zoya)
        for state in ("sent", "expired", "queued"):
            page = shown(client, "invitations", state=state)
            seen = {name for name in ("sent", "late", "queued") if f"{name}@example.test" in page}
            assert seen == {"late" if state == "expired" else state}
        assert "Срок вышел" in shown(client, "invitations")

    def test_the_list_costs_the_same_for_one_and_for_three(
        self, sign_in: SignIn, zoya: User, vacancy: list[Organization], django_assert_num_queries: Any
    ) -> None:
        client, url = sign_in(zoya), reverse("accounts:invitations")
        for count in (1, 3):
            for school in vacancy[:count]:
                Invitation.objects.filter(organization=school).delete()
                invited(school, by=zoya, now=timezone.now())
            with django_assert_num_queries(7):
                client.get(url)

    def test_a_wrong_role_cannot_be_smuggled_in(self, sign_in: SignIn, boris: User, bondarskaya: Organization) -> None:
        form = {"email": "n@example.test", "role": "ministry"}
        sign_in(boris).post(reverse("accounts:invite", args=[bondarskaya.pk]), form)
        assert not Invitation.objects.exists()

    def test_resend_and_withdraw(self, sign_in: SignIn, zoya: User, bondarskaya: Organization) -> None:
        client, invitation = sign_in(zoya), invited(bondarskaya, by=zoya, now=timezone.now())
        client.post(reverse("accounts:invitation_resend", args=[invitation.pk]))
        invitation.refresh_from_db()
        assert (invitation.state, invitation.issue) == (InvitationState.QUEUED, 2)
        client.post(reverse("accounts:invitation_withdraw", args=[invitation.pk]))
        invitation.refresh_from_db()
        assert invitation.state == InvitationState.WITHDRAWN
        send_invitations()
        assert not mail.outbox


@pytest.fixture
def vacancy(bondarsky: Organization) -> list[Organization]:
    """Three schools nobody answers for."""
    return [factories.SchoolFactory(parent=bondarsky) for _ in range(3)]


def test_the_list_goes_away_as_excel(
    sign_in: SignIn, zoya: User, elena: User, viktor: User, lyceum: Organization, tmp_path: Any
) -> None:
    elena.memberships.update(post="=1+1")
    sign_in(zoya).post(reverse("exports:create"), {"report": "people", "format": "xlsx", "signed": "never"})
    export = Export.objects.get()
    build_export(str(export.pk))
    export.refresh_from_db()
    assert export.state == "ready", export.failure
    book = openpyxl.load_workbook(export.file.path)
    cells = [value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row]
    assert elena.email in cells
    assert viktor.email not in cells
    assert lyceum.short_name in cells
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_excel_is_not_everybodys(sign_in: SignIn, elena: User, anna: User) -> None:
    for user in (elena, anna):
        answer = sign_in(user).post(reverse("exports:create"), {"report": "people", "format": "xlsx"})
        assert answer.status_code == 404
