"""The demonstration region: real order, made-up schools, a believable and repeatable state of work."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from accounts.academic_years import AcademicYear
from accounts.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import Membership, Organization, OrganizationKind, Region, User
from accounts.reference import RegionDirectory, load_region
from accounts.roles import Role
from accounts.working_days import previous_working_day
from obligations import tallies
from obligations.actions import ask_extension
from obligations.chasing.sending import chase
from obligations.models import Evidence, EvidenceKind, Notice, Obligation, Requirement, RequirementForm
from obligations.states import Act, ReturnReason
from obligations.workflow import PastMove, replay_many
from portal.demonstration_levels import start_own_roadmap
from portal.demonstration_people import settle_people
from portal.demonstration_plans import write_plans
from portal.demonstration_readiness import write_self_checks
from portal.demonstration_registry import fill_registry
from roadmap.actions import approve, carry_over, create_draft
from roadmap.imports.reader import read_roadmap
from roadmap.models import Roadmap
from schools.imports import import_school_list

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
ORDER_NUMBER, ORDER_DATE, ORDER_YEAR = "2381", date(2023, 8, 25), 2023
SCHOOL_LIST = "schools_sample.xlsx"
SHOWN_MUNICIPALITY = "rasskazovskiy"
SHOWN_REQUESTS = 4
GROUNDS = (
    "Приказ подготовлен и ждёт подписи: директор в отпуске до конца недели.",
    "Не получены сведения от организации-партнёра, письмо направлено.",
    "Ответственный заместитель на больничном, дела принимает другой сотрудник.",
)
RETURN_COMMENTS = {
    ReturnReason.NO_EVIDENCE: "Приложите подтверждающий документ или ссылку на страницу сайта.",
    ReturnReason.WRONG_DOCUMENT: "Приложен документ за прошлый учебный год, нужен текущий.",
    ReturnReason.INCOMPLETE: "Не указаны классы, для которых проведена работа. Дополните.",
    ReturnReason.NOT_SIGNED: "Нет подписи руководителя. Приложите подписанный экземпляр.",
    ReturnReason.OTHER: "Мероприятие обязательно для каждой организации. Проведите его и отчитайтесь.",
}


@dataclass(frozen=True)
class Staff:
    """Who answers for which organization in the demonstration."""

    owners: dict[int, User]
    ministry: User
    shown: frozenset[int]

    def owner(self, organization_id: int) -> User:
        """The person who hands in for the organization."""
        return self.owners.get(organization_id, self.ministry)


def is_loaded() -> bool:
    """Tell whether the demonstration is there."""
    return Roadmap.objects.filter(is_demonstration=True).count() >= 2


def load(*, now: datetime) -> None:
    """Load the whole demonstration in one transaction: there is never half of it."""
    with transaction.atomic():
        directory = load_region(is_demonstration=True)
        current = AcademicYear.of(directory.region.local(now).date())
        for academic_year in sorted({ORDER_YEAR, current.start_year}):
            _import_schools(directory.region, academic_year, now)
        staff = employ(directory)
        archive = _approve_order(directory.region, staff.ministry)
        _play(archive, staff, until=_moment(date(2024, 10, 1), directory.region), is_settled=True)
        write_plans(archive, until=_moment(date(2024, 8, 1), directory.region), by=staff.owners)
        write_self_checks(archive, until=_moment(date(2024, 8, 1), directory.region), by=staff.owners)
        if current.start_year > ORDER_YEAR:
            # Signed before the first of its dates, as an order for a year to come is.
            order_date = date(current.start_year, 6, 15)
            carried_at = _moment(order_date, directory.region)
            copy = carry_over(
                roadmap=archive,
                academic_year=current.start_year,
                order_number=ORDER_NUMBER,
                order_date=order_date,
                by=staff.ministry,
                now=carried_at,
            )
            approve(roadmap=copy, by=staff.ministry, now=carried_at)
            # What was told in the years gone by was read then.
            Notice.objects.filter(at__lt=carried_at).update(read_at=F("at"))
            shown = directory.by_code[SHOWN_MUNICIPALITY]
            start_own_roadmap(regional=copy, owner=shown, by=staff.owner(shown.pk), now=carried_at)
            _play(copy, staff, until=now)
            write_plans(copy, until=now, by=staff.owners)
            write_self_checks(copy, until=now, by=staff.owners)
            _ask_for_time(copy, staff, now=now)
        years = sorted({ORDER_YEAR, current.start_year})
        fill_registry(region=directory.region, years=years, by=staff.ministry, now=now)
        settle_people(region=directory.region, shown=staff.shown, year_start=current.start, now=now)


def write_letters(*, today: date, clock: Callable[[], datetime]) -> int:
    """Write the letters of the last working day into the folder of an embedded portal, so that «Письма» shows some."""
    day = previous_working_day(today)
    regions = Region.objects.filter(is_demonstration=True)
    return sum(chase(region=region, today=day, clock=clock).sent for region in regions)


def _import_schools(region: Region, academic_year: int, now: datetime) -> None:
    """Load the sample list; a portal with no schools would be a poor demonstration."""
    data = (FIXTURES / SCHOOL_LIST).read_bytes()
    outcome = import_school_list(
        region=region, data=data, filename=SCHOOL_LIST, academic_year=academic_year, by=None, now=now
    )
    if outcome.is_refused:
        raise RuntimeError(f"{SCHOOL_LIST} is refused: {outcome.problems[0]}")


def employ(directory: RegionDirectory) -> Staff:
    """Give every organization the person who answers for it; the shown logins among them."""
    schools = list(
        Organization.objects.filter(region=directory.region).schools().select_related("parent").order_by("pk")
    )
    shown = directory.by_code[SHOWN_MUNICIPALITY]
    posts = {
        "ministry@demo.example": directory.ministry,
        "operator@demo.example": directory.by_code["operator"],
        "coordinator@demo.example": shown,
        "deputy@demo.example": next(school for school in schools if school.parent_id == shown.pk),
        "lyceum@demo.example": next(school for school in schools if school.parent_id == directory.ministry.pk),
        "admin@demo.example": directory.ministry,
    }
    secret = make_password(DEMO_PASSWORD)
    users = [
        User(
            email=login.email,
            last_name=login.last_name,
            first_name=login.first_name,
            patronymic=login.patronymic,
            password=secret,
        )
        for login in DEMO_LOGINS
    ]
    memberships = [
        Membership(user=user, organization=posts[user.email], role=login.role)
        for user, login in zip(users, DEMO_LOGINS, strict=True)
    ]
    staffed = {membership.organization_id for membership in memberships}
    for organization in [*directory.by_code.values(), *schools]:
        if organization.pk in staffed:
            continue
        role = Role.COORDINATOR if organization.kind == OrganizationKind.MUNICIPALITY else Role.DEPUTY
        user = _responsible(organization)
        users.append(user)
        memberships.append(Membership(user=user, organization=organization, role=role))
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(memberships)
    owners = {
        membership.organization_id: membership.user
        for membership in memberships
        if membership.role != Role.ADMINISTRATOR
    }
    return Staff(owners=owners, ministry=users[0], shown=frozenset(staffed))


def _responsible(organization: Organization) -> User:
    """Make up the person who answers for an organization; for a school, the contact of its list."""
    profile = getattr(organization, "school_profile", None)
    names = (profile.contact_name if profile else "").split()
    last_name, first_name, patronymic = (*names, "", "", "")[:3]
    if not last_name:
        dice = random.Random(f"person:{organization.code or organization.inn}")
        last_name = dice.choice(["Абрамова", "Власова", "Громова", "Дьякова", "Журавлёва", "Калинина", "Тихонова"])
        first_name = dice.choice(["Вера", "Ирина", "Людмила", "Наталья", "Светлана", "Татьяна"])
        patronymic = dice.choice(["Алексеевна", "Ивановна", "Николаевна", "Павловна", "Юрьевна"])
    return User(
        email=f"{organization.code or 'school-' + organization.inn}@demo.example",
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        password=make_password(None),
    )


def _approve_order(region: Region, by: User) -> Roadmap:
    """Read order No 2381 as a ministry would paste it, and approve it on its own date."""
    text = (FIXTURES / "roadmap_2381.txt").read_text(encoding="utf-8")
    signed_at = _moment(ORDER_DATE, region)
    roadmap = create_draft(
        region=region,
        draft=read_roadmap(text),
        academic_year=ORDER_YEAR,
        order_number=ORDER_NUMBER,
        order_date=ORDER_DATE,
        source_text=text,
        by=by,
        now=signed_at,
        is_demonstration=True,
    )
    approve(roadmap=roadmap, by=by, now=signed_at)
    return roadmap


def _play(roadmap: Roadmap, staff: Staff, *, until: datetime, is_settled: bool = False) -> None:
    """Let the organizations work on the roadmap until a moment: the same on every machine.

    In a settled year every paper was decided in the end; what was never handed in stays open.
    """
    requirements = Requirement.objects.filter(occurrence__item__section__roadmap=roadmap)
    obligations = Obligation.objects.filter(requirement__in=requirements).select_related(
        "requirement", "organization__parent", "organization__region"
    )
    histories = {obligation.pk: list(_history(obligation, staff, until, is_settled)) for obligation in obligations}
    replay_many(histories=histories)
    tallies.fold()
    Evidence.objects.bulk_create(
        (piece for obligation in obligations if (piece := _evidence(obligation, histories[obligation.pk])) is not None),
        batch_size=1000,
    )


def _history(obligation: Obligation, staff: Staff, until: datetime, is_settled: bool) -> Iterable[PastMove]:
    """Make up how one obligation went, cut off at ``until``."""
    organization, requirement = obligation.organization, obligation.requirement
    key = organization.code or organization.inn
    dice = random.Random(f"{key}:{requirement.number}:{obligation.due_on}")
    # The schools that visitors sign in to have something of everything to show.
    is_shown = organization.pk in staff.shown and not is_settled
    diligence = 0.85 if is_shown else _diligence(organization)
    owner, reviewer = staff.owner(organization.pk), staff.owner(organization.parent_id or organization.pk)
    if is_shown and requirement.form == RequirementForm.PLAN:
        yield from _shown_plan(obligation, owner, reviewer, until)
        return
    if requirement.form == RequirementForm.PLAN and not is_settled and _is_neighbour(organization):
        yield from _plan_handed_in_again(obligation, owner, reviewer, until)
        return
    if dice.random() > diligence:
        return
    late = dice.random() < 0.12
    days = dice.randint(1, 9) if late else -dice.randint(0, 12)
    moment = _moment(obligation.due_on + timedelta(days=days), organization.region, hour=9 + dice.randint(0, 8))
    if moment <= obligation.created_at:
        # Asked for after its own date: handed in as soon as it was known.
        moment = obligation.created_at + timedelta(days=dice.randint(1, 9))
    if moment > until:
        return
    is_nil = dice.random() < 0.02
    if is_nil:
        yield PastMove(Act.DECLARE_NIL, owner, moment, comment="В нашей организации такой работы в этом году нет.")
    else:
        yield PastMove(Act.SUBMIT, owner, moment, note=_note(requirement))
    if dice.random() < (0.3 if is_shown else 0.1):
        moment += timedelta(days=dice.randint(1, 4))
        reason = ReturnReason.OTHER if is_nil else dice.choice(_fitting_reasons(key, requirement))
        if moment > until:
            return
        yield PastMove(Act.RETURN, reviewer, moment, reason=reason, comment=RETURN_COMMENTS[reason])
        moment += timedelta(days=dice.randint(1, 6))
        if not is_settled and (moment > until or dice.random() < (0.4 if is_shown else 0.08)):
            return
        yield PastMove(Act.SUBMIT, owner, moment, note=f"{_note(requirement)} Замечание устранено.")
    moment += timedelta(days=dice.randint(1, 12), hours=dice.randint(0, 3))
    if is_settled or (moment <= until and dice.random() < 0.985):
        yield PastMove(Act.ACCEPT, reviewer, moment)


def _shown_plan(obligation: Obligation, owner: User, reviewer: User, until: datetime) -> Iterable[PastMove]:
    """The plans of the shown schools: the municipality's is accepted and runs, the region's was sent back."""
    handed_in = max(
        _moment(obligation.due_on - timedelta(days=3), obligation.organization.region), obligation.created_at
    )
    decided = handed_in + timedelta(days=4)
    if decided > until:
        return
    yield PastMove(Act.SUBMIT, owner, handed_in)
    authority = obligation.organization.parent
    if authority is not None and authority.kind == OrganizationKind.MUNICIPALITY:
        yield PastMove(Act.ACCEPT, reviewer, decided)
    else:
        comment = "Проверьте часы внеурочной деятельности: диагностика запланирована дважды."
        yield PastMove(Act.RETURN, reviewer, decided, reason=ReturnReason.WRONG_FIGURES, comment=comment)


def _is_neighbour(organization: Organization) -> bool:
    """A few schools of the shown municipality, whose plans wait for its coordinator a second time."""
    parent = organization.parent
    is_near = parent is not None and parent.code == SHOWN_MUNICIPALITY
    return is_near and random.Random(f"again:{organization.inn}").random() < 0.2


def _plan_handed_in_again(obligation: Obligation, owner: User, reviewer: User, until: datetime) -> Iterable[PastMove]:
    """A plan that was sent back and came again: what changed is there to be read."""
    again = until - timedelta(days=2)
    if again <= obligation.created_at + timedelta(days=3):
        return
    yield PastMove(Act.SUBMIT, owner, again - timedelta(days=2))
    comment = "Мало часов в первом мероприятии и нет итогового родительского собрания."
    reason = ReturnReason.WRONG_FIGURES
    yield PastMove(Act.RETURN, reviewer, again - timedelta(days=1), reason=reason, comment=comment)
    yield PastMove(Act.SUBMIT, owner, again)


def _ask_for_time(roadmap: Roadmap, staff: Staff, *, now: datetime) -> None:
    """Let some of what is overdue near the shown logins be asked for more time."""
    near = Organization.objects.filter(Q(pk__in=staff.shown) | Q(parent__code=SHOWN_MUNICIPALITY))
    burning = Obligation.objects.overdue(roadmap.region.local(now).date()).filter(
        organization__in=near.filter(region=roadmap.region),
        requirement__occurrence__item__section__roadmap=roadmap,
    )
    wanted_on = roadmap.region.local(now).date() + timedelta(days=14)
    if wanted_on > roadmap.year.end:
        return
    for number, obligation in enumerate(burning.order_by("pk").select_related("organization__region")[:SHOWN_REQUESTS]):
        ask_extension(
            obligation=obligation,
            wanted_on=wanted_on,
            grounds=GROUNDS[number % len(GROUNDS)],
            by=staff.owner(obligation.organization_id),
            at=now - timedelta(hours=20 - number),
        )


def _evidence(obligation: Obligation, history: Sequence[PastMove]) -> Evidence | None:
    """Make up the page of its site that an organization showed when it handed in; some only wrote a note."""
    organization, requirement = obligation.organization, obligation.requirement
    key = organization.code or organization.inn
    if not history or history[0].act != Act.SUBMIT or not _has_evidence(key, requirement):
        return None
    address = f"https://{organization.code or 'school' + organization.inn}.example"
    return Evidence(
        obligation=obligation,
        kind=EvidenceKind.LINK,
        title=f"Страница сайта, п.\u00a0{requirement.number}",
        url=f"{address}/profminimum/{requirement.number}",
        added_by=history[0].by,
        added_at=history[0].at,
    )


def _has_evidence(key: str, requirement: Requirement) -> bool:
    """Most organizations show a page of their site; some only write a note."""
    return random.Random(f"evidence:{key}:{requirement.pk}").random() <= 0.85


def _fitting_reasons(key: str, requirement: Requirement) -> list[ReturnReason]:
    """What a reviewer may find wrong: who attached nothing lacks evidence, who attached a page attached a wrong one."""
    about_evidence = [ReturnReason.WRONG_DOCUMENT, ReturnReason.NOT_SIGNED]
    return [
        ReturnReason.INCOMPLETE,
        *(about_evidence if _has_evidence(key, requirement) else [ReturnReason.NO_EVIDENCE]),
    ]


def _diligence(organization: Organization) -> float:
    """How reliably an organization hands in: some districts and schools lag, as they do."""
    authority = organization.parent if organization.kind == OrganizationKind.SCHOOL else organization
    district = random.Random(f"district:{authority.code if authority else ''}").uniform(0.82, 0.99)
    school = random.Random(f"school:{organization.inn}").uniform(0.9, 1.0)
    return district * school


def _note(requirement: Requirement) -> str:
    """What an organization writes when it hands in: the expected result, reached."""
    result = requirement.expected_result.split(". ")[0].strip(" .")
    return f"Исполнено. {result[:180]}." if result else "Исполнено."


def _moment(day: date, region: Region, hour: int = 10) -> datetime:
    """A moment of a day on the region's clocks."""
    return datetime.combine(day, time(hour), ZoneInfo(region.time_zone))
