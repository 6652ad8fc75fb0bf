"""Schools renamed, joined, parted and closed by an order: kept until its day, then carried out as one act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.actions.invitations import withdraw
from accounts.actions.journal import record
from accounts.actions.posts import hand_over
from accounts.models import AccessEventKind, Invitation, Membership, Organization, OrganizationKind, Region, User
from obligations.models import Obligation
from obligations.reconciling import reconcile_region
from obligations.states import State
from schools.actions.changes import facts_of, tell_changes
from schools.actions.status import close_school
from schools.models import (
    ChangeSource,
    PartyRole,
    Reorganization,
    ReorganizationKind,
    ReorganizationParty,
    SchoolProfile,
)

log = structlog.get_logger(__name__)

# What closes the schools it begins with.
CLOSING = frozenset(
    {
        ReorganizationKind.MERGER,
        ReorganizationKind.ACCESSION,
        ReorganizationKind.SPLIT,
        ReorganizationKind.CLOSURE,
    }
)


class ReorganizationRefused(Exception):
    """It cannot be carried out as things stand; the message is for people."""


@dataclass(frozen=True)
class NewSchool:
    """A school that a reorganization opens."""

    name: str
    short_name: str
    inn: str
    parent: Organization


@dataclass(frozen=True)
class Draft:
    """A reorganization as somebody filled it in.

    ``predecessors`` are the schools it begins with (the one that is renamed, too), ``successor`` a school that exists
    and goes on, ``new`` the schools that open; a renamed school has its new name in the one ``new`` there is.
    """

    kind: ReorganizationKind
    on: date
    order_number: str
    order_date: date
    reason: str
    predecessors: Sequence[Organization]
    successor: Organization | None = None
    new: Sequence[NewSchool] = ()
    moves_people: bool = False


@dataclass
class Outcome:
    """What carrying out did, or would do today."""

    obligations_added: int = 0
    obligations_cancelled: int = 0
    people_moved: int = 0
    people_released: int = 0
    invitations_withdrawn: int = 0
    accepted_stay: int = 0
    """Accepted obligations that stay with the schools that close, in their years."""
    people: list[str] = field(default_factory=list)


def plan(*, draft: Draft, region: Region, by: User, now: datetime) -> Reorganization:
    """Write the reorganization down, and carry it out if its day has come; raises ReorganizationRefused."""
    with transaction.atomic():
        planned = _write_down(draft, region, by, now)
        if planned.is_due(region.local(now).date()):
            carry_out(reorganization=planned, now=now)
    return planned


def preview(*, draft: Draft, region: Region, by: User, now: datetime) -> Outcome:
    """Count what carrying it out today would do: the act itself, taken back. Raises ReorganizationRefused."""
    with transaction.atomic():
        try:
            return carry_out(reorganization=_write_down(draft, region, by, now), now=now)
        finally:
            # What waits for the commit (letters, wakened workers) goes with it.
            transaction.set_rollback(True)


def carry_out(*, reorganization: Reorganization, now: datetime) -> Outcome:
    """Do what was ordered, all or nothing; raises ReorganizationRefused when the schools are not what they were."""
    with transaction.atomic():
        held = (
            Reorganization.objects.select_for_update(of=("self",))
            .select_related("region", "by")
            .get(pk=reorganization.pk)
        )
        if not held.is_planned:
            raise ReorganizationRefused("Она уже исполнена или отменена.")
        outcome = _Carrier(held, now).run()
        held.carried_out_at, held.failure = now, ""
        for name in ("obligations_added", "obligations_cancelled", "people_moved", "people_released"):
            setattr(held, name, getattr(outcome, name))
        held.save()
    log.info("reorganization carried out", reorganization=held.pk, kind=held.kind)
    reorganization.refresh_from_db()
    return outcome


def carry_out_due(*, region: Region, now: datetime) -> int:
    """Carry out what was planned for today or earlier; what cannot be says why. Returns how many were carried out."""
    done = 0
    for planned in Reorganization.objects.filter(region=region).due(region.local(now).date()).order_by("on", "pk"):
        try:
            carry_out(reorganization=planned, now=now)
            done += 1
        except ReorganizationRefused as refusal:
            Reorganization.objects.planned().filter(pk=planned.pk).update(failure=str(refusal))
            log.warning("reorganization refused", reorganization=planned.pk, why=str(refusal))
    return done


def call_off(*, reorganization: Reorganization, by: User, now: datetime) -> bool:
    """Give a planned reorganization up; False when it was carried out or given up before."""
    return bool(
        Reorganization.objects.planned()
        .filter(pk=reorganization.pk)
        .update(called_off_at=now, called_off_by=by, failure="")
    )


def _write_down(draft: Draft, region: Region, by: User, now: datetime) -> Reorganization:
    planned = Reorganization.objects.create(
        region=region,
        kind=draft.kind,
        on=draft.on,
        order_number=draft.order_number,
        order_date=draft.order_date,
        reason=draft.reason,
        moves_people=draft.moves_people,
        by=by,
        at=now,
    )
    parties = [_existing(planned, school, PartyRole.PREDECESSOR) for school in draft.predecessors]
    if draft.successor is not None:
        parties.append(_existing(planned, draft.successor, PartyRole.SUCCESSOR))
    renamed = draft.predecessors[0] if draft.kind == ReorganizationKind.RENAME else None
    parties += [
        ReorganizationParty(
            reorganization=planned,
            role=PartyRole.SUCCESSOR,
            organization=renamed,
            is_new=renamed is None,
            name=one.name,
            short_name=one.short_name,
            inn=one.inn,
            parent=one.parent,
        )
        for one in draft.new
    ]
    ReorganizationParty.objects.bulk_create(parties)
    return planned


def _existing(planned: Reorganization, school: Organization, role: PartyRole) -> ReorganizationParty:
    return ReorganizationParty(
        reorganization=planned,
        role=role,
        organization=school,
        name=school.name,
        short_name=school.short_name,
        inn=school.inn,
        parent=school.parent,
    )


class _Carrier:
    """One reorganization on its way; runs inside the transaction that holds its row."""

    def __init__(self, held: Reorganization, now: datetime) -> None:
        self.held, self.now, self.by = held, now, held.by
        self.kind = ReorganizationKind(held.kind)
        self.outcome = Outcome()
        parties = list(held.parties.select_related("organization__region", "organization__parent", "parent"))
        self.before = [one for one in parties if one.role == PartyRole.PREDECESSOR]
        self.after = [one for one in parties if one.role == PartyRole.SUCCESSOR]
        ids = sorted({one.organization_id for one in parties if one.organization_id})
        list(Organization.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))

    def run(self) -> Outcome:
        """Rename, or open what is to be opened, move the people, close what is to be closed."""
        self._refuse_what_changed()
        if self.kind == ReorganizationKind.RENAME:
            self._rename(self.after[0])
            return self.outcome
        opened = [self._open(party) for party in self.after if party.is_new]
        if opened:
            self._follow([school.pk for school in opened])
        if self.kind in CLOSING:
            for party in self.before:
                self._close(_school(party))
        return self.outcome

    @property
    def note(self) -> str:
        """What histories say of it."""
        others = ", ".join(f"«{party.short_name}»" for party in self.after)
        into = f" → {others}" if others and self.kind != ReorganizationKind.RENAME else ""
        return f"{self.held.get_kind_display()}{into}, {self.held.order_label}"

    def _refuse_what_changed(self) -> None:
        for party in [*self.before, *self.after]:
            if party.organization and not party.organization.is_active:
                raise ReorganizationRefused(f"Школа «{party.organization.short_name}» уже закрыта.")
            if party.is_new and party.inn:
                taken = Organization.objects.filter(region=self.held.region, inn=party.inn).first()
                if taken:
                    raise ReorganizationRefused(f"ИНН {party.inn} уже принадлежит организации «{taken.short_name}».")

    def _rename(self, party: ReorganizationParty) -> None:
        school = _school(party)
        before = facts_of(school)
        school.name, school.short_name = party.name, party.short_name
        school.save(update_fields=["name", "short_name"])
        profile, _ = SchoolProfile.objects.get_or_create(organization=school)
        profile.organization = school
        # What the school is searched by follows its name.
        profile.save()
        tell_changes(
            school,
            before,
            by=self.by,
            at=self.now,
            source=ChangeSource.REORGANIZATION,
            on=self.held.on,
            note=self.held.order_label,
        )

    def _open(self, party: ReorganizationParty) -> Organization:
        school = Organization.objects.create(
            region=self.held.region,
            kind=OrganizationKind.SCHOOL,
            parent=party.parent,
            name=party.name,
            short_name=party.short_name,
            inn=party.inn,
        )
        SchoolProfile.objects.create(organization=school, since=self.held.on)
        party.organization = school
        party.save(update_fields=["organization"])
        return school

    def _follow(self, opened: list[int]) -> None:
        added, _ = reconcile_region(
            region=self.held.region, by=self.by, at=self.now, organizations=opened, note=f"{self.note}."
        )
        self.outcome.obligations_added += added

    def _close(self, school: Organization) -> None:
        self._release(school)
        current = Obligation.objects.filter(organization=school, state=State.ACCEPTED)
        self.outcome.accepted_stay += current.count()
        change = close_school(
            school=school,
            on=self.held.on,
            reason=self.note,
            by=self.by,
            now=self.now,
            source=ChangeSource.REORGANIZATION,
        )
        self.outcome.obligations_cancelled += change.obligations_cancelled

    def _release(self, school: Organization) -> None:
        """End the posts at a school that closes; whoever is taken along has the new one first."""
        heir = _school(self.after[0]) if self.held.moves_people and self.after else None
        for post in Membership.objects.in_force().filter(organization=school).select_related("user").order_by("pk"):
            self.outcome.people.append(str(post.user))
            if heir is not None and self._take_along(post, heir):
                self.outcome.people_moved += 1
            else:
                self.outcome.people_released += 1
            ended_on = max(self.held.on, post.since) if post.since else self.held.on
            hand_over(membership=post, ended_on=ended_on, reason=self.note, successor=None, by=self.by, now=self.now)
        for invitation in Invitation.objects.pending().filter(organization=school):
            self.outcome.invitations_withdrawn += withdraw(invitation=invitation, now=self.now)

    def _take_along(self, post: Membership, heir: Organization) -> bool:
        """Give the holder the same post at the successor, unless they have it already or may not sign in."""
        if not post.user.is_active:
            return False
        _, is_new = Membership.objects.get_or_create(
            user=post.user,
            organization=heir,
            role=post.role,
            ended_on=None,
            defaults={"post": post.post, "since": self.held.on},
        )
        if is_new:
            record(post.user, AccessEventKind.JOINED, at=self.now, by=self.by, note=str(heir))
        return True


def _school(party: ReorganizationParty) -> Organization:
    if party.organization is None:
        raise ValueError("The party has no school yet.")
    return party.organization
