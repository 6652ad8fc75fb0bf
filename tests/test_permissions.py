"""Every role, at every address, with every object, held against ``visible_to``.

One story: the whole cast stands before every door of the portal with the number of every object in
hand. Outside a person's scope a door does not exist (404), inside it a foreign act is refused (403),
and nobody gets through without signing in.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.http import HttpResponseForbidden, HttpResponseNotFound
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from accounts.roles import Role
from exports.models import Export
from obligations import rules
from obligations.mail import read_letters
from obligations.models import Digest, Evidence, Extension, Notice, Obligation, Requirement
from obligations.states import Act
from portal import urls
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, Section
from schools.models import ColumnMapping, DoneHours, Plan, PlanLine, Reorganization, SchoolImport, SchoolUpload
from tests import factories
from tests.accounts import doors
from tests.schools import self_checks
from tests.schools.plans import accepted_plan

CAST = ["anna", "zoya", "oleg", "boris", "galina", "elena", "ivan", "maria", "pavel", "viktor"]
PASSED = {200, 302, 400, 409, 422}
PUBLIC = {"healthz", "accounts:login"} | doors.PUBLIC


@dataclass(frozen=True)
class World:
    """The cast and everything they might ask for."""

    people: dict[str, User]
    obligations: list[Obligation]
    evidence: list[Evidence]
    extensions: list[Extension]
    roadmaps: list[Roadmap]
    sections: list[Section]
    items: list[Item]
    exports: list[Export]
    schools: list[Organization]
    plans: list[Obligation]
    uploads: list[SchoolUpload]
    imports: list[SchoolImport]
    organizations: list[Organization]
    notices: list[Notice]
    digests: list[Digest]
    reorganizations: list[Reorganization]


def _anyone(_user: User, _thing: Any) -> bool:
    return True


def _serves(user: User, *roles: Role) -> bool:
    return user.has_role(*roles)


def _reviewer(user: User, _thing: Any) -> bool:
    return user.has_role(Role.MINISTRY, Role.COORDINATOR)


def _governs(user: User, region_id: int) -> bool:
    return any(
        membership.role == Role.MINISTRY and membership.organization.region_id == region_id
        for membership in user.active_memberships
    )


def _ministry_of(user: User, roadmap: Roadmap) -> bool:
    return _governs(user, roadmap.region_id)


@dataclass(frozen=True)
class Door:
    """An address: the objects it opens, who sees them, and who may go through."""

    name: str
    objects: Callable[[World], Iterable[models.Model]] | None = None
    visible: Callable[[User], models.QuerySet[Any]] | None = None
    may: Callable[[User, Any], bool] = _anyone
    args: Callable[[Any], list[Any]] = lambda thing: [thing.pk]
    methods: tuple[str, ...] = ("get",)
    data: dict[str, Any] = field(default_factory=dict)


def _keeps(user: User, roadmap: Roadmap) -> bool:
    """The region's roadmaps are the ministry's, a municipality's its coordinator's, a school's its deputy's."""
    if roadmap.owner_id is None:
        return _ministry_of(user, roadmap)
    return any(
        membership.organization_id == roadmap.owner_id and membership.role in (Role.COORDINATOR, Role.DEPUTY)
        for membership in user.active_memberships
    )


def _carries_over(user: User, roadmap: Roadmap) -> bool:
    return _keeps(user, roadmap) and not roadmap.is_draft


def _withdraws(user: User, roadmap: Roadmap) -> bool:
    return _keeps(user, roadmap) and roadmap.is_in_force


def _brings_up(user: User, roadmap: Roadmap) -> bool:
    return roadmap.owner_id is not None and _carries_over(user, roadmap)


def _derives(user: User, roadmap: Roadmap) -> bool:
    """Municipalities derive from the region's edition in force, schools from that and from their municipality's."""
    return roadmap.is_in_force and any(
        membership.organization.kind in ("municipality", "school")
        and membership.organization.region_id == roadmap.region_id
        and roadmap.owner_id in (None, membership.organization.parent_id)
        for membership in user.active_memberships
    )


def _upload_door(name: str, method: str) -> Door:
    return Door(f"schools:{name}", lambda world: world.uploads, SchoolUpload.objects.visible_to, methods=(method,))


def _import_door(name: str, *methods: str) -> Door:
    """What an import did and its undoing: of those who keep the region's registry."""
    return Door(f"schools:{name}", lambda world: world.imports, SchoolImport.objects.visible_to, methods=methods)


def _tells_of(user: User, school: Organization) -> bool:
    """A school's card is filled in by its deputy, its coordinator and those who keep the registry."""
    return user.has_role(Role.MINISTRY, Role.ADMINISTRATOR) or any(
        one.role in (Role.DEPUTY, Role.COORDINATOR) and one.organization_id in (school.pk, school.parent_id)
        for one in user.active_memberships
    )


def _card_door(section: str, may: Callable[[User, Any], bool]) -> Door:
    return Door(
        "schools:edit",
        lambda world: world.schools,
        lambda user: Organization.objects.visible_to(user).schools(),
        may,
        args=lambda thing: [thing.pk, section],
        methods=("get", "post"),
    )


def _obligation_door(name: str, may: Callable[[User, Any], bool], *methods: str, **data: Any) -> Door:
    return Door(
        f"obligations:{name}",
        lambda world: world.obligations,
        Obligation.objects.visible_to,
        may,
        methods=methods,
        data=data,
    )


def _extension_door(name: str, may: Callable[[User, Any], bool], *methods: str) -> Door:
    return Door(
        f"obligations:{name}", lambda world: world.extensions, Extension.objects.visible_to, may, methods=methods
    )


def _roadmap_door(name: str, may: Callable[[User, Any], bool], *methods: str) -> Door:
    return Door(f"roadmap:{name}", lambda world: world.roadmaps, Roadmap.objects.visible_to, may, methods=methods)


def _item_door(name: str, may: Callable[[User, Any], bool], *methods: str) -> Door:
    return Door(f"roadmap:{name}", lambda world: world.items, Item.objects.visible_to, may, methods=methods)


def _keeps_item(user: User, item: Item) -> bool:
    return _keeps(user, item.section.roadmap)


def _plan_door(
    name: str,
    objects: Callable[[World], Iterable[models.Model]],
    visible: Callable[[User], models.QuerySet[Any]],
    *methods: str,
    may: Callable[[User, Any], bool] = _anyone,
) -> Door:
    return Door(f"schools:{name}", objects, visible, may, methods=methods)


def _plans_seen(user: User) -> models.QuerySet[Obligation]:
    return Obligation.objects.visible_to(user).filter(requirement__form="plan")


def _lines_of_world(_world: World) -> models.QuerySet[PlanLine]:
    return PlanLine.objects.select_related("plan__obligation__organization")


def _lines_seen(user: User) -> models.QuerySet[PlanLine]:
    return PlanLine.objects.filter(plan__in=Plan.objects.visible_to(user))


def _owns_line(user: User, line: PlanLine) -> bool:
    return rules.owns(user, line.plan.obligation)


def _names_form(user: User, item: Item) -> bool:
    return _keeps_item(user, item) and item.section.roadmap.is_in_force and not item.is_inherited


def _export_door(name: str, *methods: str) -> Door:
    return Door(f"exports:{name}", lambda world: world.exports, Export.objects.visible_to, methods=methods)


DOORS = [
    # Pages without an object of their own.
    Door("home"),
    Door("accounts:profile"),
    Door("accounts:password_change"),
    Door("accounts:logout", methods=("post",)),
    Door("obligations:todo"),
    Door("obligations:inbox", may=_reviewer),
    Door("obligations:accept_many", may=_reviewer, methods=("post",)),
    Door("obligations:extensions", may=_reviewer),
    Door("obligations:returns"),
    Door("obligations:decide_extensions", may=_reviewer, methods=("post",)),
    Door("obligations:mail"),
    Door("obligations:notices"),
    Door("obligations:notices_read", methods=("post",)),
    Door("obligations:preferences", methods=("get", "post")),
    Door("obligations:reminders", may=lambda user, _: _serves(user, Role.MINISTRY), methods=("get", "post")),
    Door(
        "obligations:back_schedule",
        lambda world: {one.requirement for one in world.obligations},
        lambda user: Requirement.objects.filter(region__in=Region.objects.visible_to(user)),
        lambda user, thing: _governs(user, thing.region_id),
        methods=("get", "post"),
    ),
    Door(
        "obligations:requirement_reminders",
        lambda world: {one.requirement for one in world.obligations},
        lambda user: Requirement.objects.filter(region__in=Region.objects.visible_to(user)),
        lambda user, thing: _governs(user, thing.region_id),
        methods=("get", "post"),
    ),
    Door("obligations:notice", lambda world: world.notices, Notice.objects.visible_to),
    Door(
        "obligations:digest",
        lambda world: world.digests,
        lambda user: Digest.objects.filter(user=user),
        args=lambda thing: [thing.day],
    ),
    Door("roadmap:list"),
    Door("roadmap:import", may=lambda user, _: _serves(user, Role.MINISTRY), methods=("get", "post")),
    Door("roadmap:import_save", may=lambda user, _: _serves(user, Role.MINISTRY), methods=("post",)),
    Door("reporting:roadmap_progress"),
    Door("reporting:school_levels"),
    Door(
        "schools:municipality",
        lambda world: world.organizations,
        lambda user: Organization.objects.visible_to(user).filter(kind__in=("municipality", "ministry")),
    ),
    Door("exports:list"),
    Door("exports:create", methods=("post",)),
    Door("schools:list"),
    Door("schools:calls", may=_reviewer),
    Door(
        "schools:call_noted",
        lambda world: world.organizations,
        Organization.objects.visible_to,
        lambda user, thing: _reviewer(user, thing) and not user.acts_for(thing),
        methods=("post",),
        data={"note": "сдадут завтра"},
    ),
    Door("schools:letters", may=lambda user, _: _serves(user, Role.MINISTRY)),
    Door("schools:letter_all", may=lambda user, _: _serves(user, Role.MINISTRY), methods=("get", "post")),
    Door(
        "schools:letter",
        lambda world: world.organizations,
        lambda user: Organization.objects.visible_to(user).municipalities(),
        lambda user, _: _serves(user, Role.MINISTRY),
        methods=("get", "post"),
    ),
    Door("schools:import", may=lambda user, _: _serves(user, Role.ADMINISTRATOR), methods=("get", "post")),
    Door("schools:import_template", may=lambda user, _: _serves(user, Role.ADMINISTRATOR)),
    # Obligations and their evidence.
    _obligation_door("detail", _anyone, "get"),
    _obligation_door("history", _anyone, "get"),
    _obligation_door("ask_extension", rules.owns, "get", "post"),
    _obligation_door("reassign", lambda user, thing: rules.may(user, Act.REASSIGN, thing), "get", "post"),
    _extension_door("extension", _anyone, "get"),
    _extension_door("extension_file", _anyone, "get"),
    _extension_door("withdraw_extension", lambda user, thing: rules.owns(user, thing.obligation), "post"),
    _extension_door("decide_extension", lambda user, thing: rules.reviews(user, thing.obligation), "post"),
    _obligation_door("save", rules.owns, "post"),
    _obligation_door("submit", rules.owns, "post"),
    _obligation_door("declare_nil", rules.owns, "get", "post"),
    _obligation_door("accept", rules.reviews, "post"),
    _obligation_door("return", rules.reviews, "post"),
    _obligation_door("reopen", rules.reviews, "get", "post"),
    _obligation_door("cancel", rules.governs, "get", "post"),
    _obligation_door("restore", rules.governs, "get", "post"),
    Door("obligations:evidence", lambda world: world.evidence, Evidence.objects.visible_to),
    Door(
        "obligations:evidence_remove",
        lambda world: world.evidence,
        Evidence.objects.visible_to,
        lambda user, thing: rules.owns(user, thing.obligation),
        methods=("post",),
    ),
    Door(
        "obligations:evidence_replace",
        lambda world: world.evidence,
        Evidence.objects.visible_to,
        lambda user, thing: rules.owns(user, thing.obligation),
        methods=("get", "post"),
    ),
    # Roadmaps: drafts belong to who keeps them, what the region has in force is read by all.
    _roadmap_door("detail", _anyone, "get"),
    _roadmap_door("matrix", _anyone, "get"),
    _roadmap_door("timeline", _anyone, "get"),
    _roadmap_door("calendar", _anyone, "get"),
    _roadmap_door("draft", _keeps, "get"),
    _roadmap_door("edit", _keeps, "get", "post"),
    _roadmap_door("map_body", _keeps, "post"),
    _roadmap_door("delete", _keeps, "get", "post"),
    _roadmap_door("approve", _keeps, "get", "post"),
    _roadmap_door("withdraw", _withdraws, "get", "post"),
    _roadmap_door("carry_over", _carries_over, "get", "post"),
    _roadmap_door("shift_dates", _keeps, "post"),
    _roadmap_door("moved_dates", _keeps, "get", "post"),
    _roadmap_door("level_dates", _keeps, "get", "post"),
    _roadmap_door("derive", _derives, "get", "post"),
    _roadmap_door("derive_save", _derives, "post"),
    _roadmap_door("bring_up", _brings_up, "get", "post"),
    Door(
        "roadmap:item_add",
        lambda world: world.sections,
        lambda user: Section.objects.filter(roadmap__in=Roadmap.objects.visible_to(user)),
        lambda user, thing: _keeps(user, thing.roadmap),
        args=lambda thing: [thing.roadmap_id, thing.pk],
        methods=("get", "post"),
    ),
    Door("roadmap:compare_choose"),
    Door(
        "roadmap:compare",
        lambda world: world.roadmaps,
        Roadmap.objects.visible_to,
        args=lambda thing: [thing.pk, thing.pk],
    ),
    _item_door("item", _anyone, "get"),
    _item_door("item_edit", _keeps_item, "get", "post"),
    _item_door("item_delete", _keeps_item, "post"),
    _item_door("item_settle", _keeps_item, "post"),
    _item_door("item_levels", _keeps_item, "get", "post"),
    _item_door("item_dates", _keeps_item, "get", "post"),
    _item_door("item_form", _names_form, "get", "post"),
    # A list of schools on its way in: its uploader's alone.
    _upload_door("import_preview", "get"),
    _upload_door("import_confirm", "post"),
    _upload_door("import_columns", "get"),
    _upload_door("import_remarks", "get"),
    _upload_door("import_faulty", "get"),
    Door(
        "schools:mapping_forget",
        lambda _: ColumnMapping.objects.all(),
        ColumnMapping.objects.visible_to,
        methods=("post",),
    ),
    _upload_door("import_status", "get"),
    Door("schools:imports", may=lambda user, _: _serves(user, Role.ADMINISTRATOR)),
    _import_door("import_outcome", "get"),
    _import_door("import_undo", "get", "post"),
    _import_door("undo_status", "get"),
    # Files built for people, schools.
    _export_door("detail", "get"),
    _export_door("status", "get"),
    _export_door("download", "get"),
    _export_door("retry", "post"),
    Door(
        "schools:status",
        lambda world: world.schools,
        lambda user: Organization.objects.visible_to(user).schools(),
        lambda user, _: _serves(user, Role.MINISTRY, Role.ADMINISTRATOR),
        methods=("get", "post"),
    ),
    _card_door("contacts", _tells_of),
    _card_door("level", lambda user, _: _serves(user, Role.MINISTRY, Role.ADMINISTRATOR)),
    Door("schools:reorganizations"),
    Door(
        "schools:reorganization",
        lambda world: world.reorganizations,
        Reorganization.objects.visible_to,
    ),
    Door(
        "schools:call_off",
        lambda world: world.reorganizations,
        Reorganization.objects.visible_to,
        lambda user, _: _serves(user, Role.MINISTRY, Role.ADMINISTRATOR),
        methods=("post",),
    ),
    Door(
        "schools:reorganize",
        lambda world: world.schools,
        lambda user: Organization.objects.visible_to(user).schools(),
        lambda user, _: _serves(user, Role.MINISTRY, Role.ADMINISTRATOR),
        methods=("get", "post"),
    ),
    Door("schools:history", lambda world: world.schools, lambda user: Organization.objects.visible_to(user).schools()),
    Door("schools:detail", lambda world: world.schools, lambda user: Organization.objects.visible_to(user).schools()),
    Door("schools:plans"),
    Door("schools:norms"),
    Door(
        "schools:norms_edit",
        lambda _: Region.objects.all()[:1],
        lambda _: Region.objects.all(),
        lambda user, _: _serves(user, Role.MINISTRY),
        args=lambda _: [AcademicYear.of(timezone.localdate()).start_year],
        methods=("get", "post"),
    ),
    # Plans of schools: filled in by those who owe them, seen by those who may know of the school.
    _plan_door("plan", lambda world: world.plans, _plans_seen, "get"),
    _plan_door("plan", lambda world: world.plans, _plans_seen, "post", may=rules.owns),
    _plan_door("plan_hours", _lines_of_world, _lines_seen, "get"),
    _plan_door("plan_hours", _lines_of_world, _lines_seen, "post", may=_owns_line),
    Door(
        "schools:plan_hours_back",
        lambda _: DoneHours.objects.all(),
        DoneHours.objects.visible_to,
        lambda user, thing: rules.owns(user, thing.line.plan.obligation),
        methods=("post",),
    ),
    # The self-check of readiness, its questions, its report.
    *(Door(**door) for door in self_checks.DOORS),
    # People and access.
    *(Door(**door) for door in doors.DOORS),
]


def _planned_closure(school: Organization, by: User) -> Reorganization:
    """A reorganization that waits for its day."""
    planned = Reorganization.objects.create(
        region=school.region,
        kind="closure",
        on=date(2099, 1, 1),
        order_number="7",
        order_date=date(2023, 10, 1),
        by=by,
        at=timezone.now(),
    )
    planned.parties.create(role="predecessor", organization=school, name=school.name, short_name=school.short_name)
    return planned


@pytest.fixture
def world(
    request: pytest.FixtureRequest,
    ministry: Organization,
    operator: Organization,
    bondarsky: Organization,
    morshansky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    requirement: Requirement,
    stranger_ministry: Organization,
) -> World:
    """Give every organization an obligation with evidence, every person an export, each region its roadmaps."""
    people = {name: request.getfixturevalue(name) for name in CAST}
    doors.furnish(people, timezone.now())
    self_checks.furnish([bondarskaya, morshanskaya], people["anna"])
    owing = [ministry, operator, bondarsky, morshansky, bondarskaya, pakhotnaya, morshanskaya, lyceum]
    obligations: list[Obligation] = [
        factories.ObligationFactory(requirement=requirement, organization=owes) for owes in owing
    ]
    foreign = factories.RequirementFactory(region=stranger_ministry.region)
    obligations.append(factories.ObligationFactory(requirement=foreign, organization=stranger_ministry))
    evidence = []
    for obligation in obligations:
        attached = Evidence(obligation=obligation, kind="file", title="Приказ.pdf", added_at=timezone.now())
        attached.file.save("order.pdf", ContentFile(b"%PDF-1.7"), save=True)
        evidence.append(attached)
    extensions = []
    for obligation in obligations:
        asked = Extension(
            obligation=obligation,
            due_before=obligation.due_on,
            wanted_on=obligation.due_on + timedelta(days=9),
            grounds="Приказ на подписи",
            asked_at=timezone.now(),
            title="Письмо.pdf",
        )
        asked.file.save("letter.pdf", ContentFile(b"%PDF-1.7"), save=True)
        extensions.append(asked)
    roadmaps: list[Roadmap] = []
    sections: list[Section] = []
    items: list[Item] = []
    own = [bondarsky, bondarskaya, morshanskaya]
    for owner, region in [(None, ministry.region), (None, stranger_ministry.region), *((o, o.region) for o in own)]:
        for edition, state in enumerate(["approved", "draft"], start=1):
            approved_at = timezone.now() if state == "approved" else None
            parent = roadmaps[0] if owner else None
            roadmap = factories.RoadmapFactory(
                region=region, owner=owner, parent=parent, edition=edition, state=state, approved_at=approved_at
            )
            section = factories.SectionFactory(roadmap=roadmap)
            item = factories.ItemFactory(section=section)
            ItemBody.objects.create(item=item, text="Образовательные организации", group="schools", position=1)
            Occurrence.objects.create(item=item, due_on=requirement.due_on)
            roadmaps.append(roadmap)
            sections.append(section)
            items.append(item)
    exports = []
    for person in people.values():
        export = Export(
            region=person.active_memberships[0].organization.region,
            report="roadmap",
            title="О ходе исполнения",
            format="xlsx",
            state="ready",
            created_by=person,
            created_at=timezone.now(),
            queued_at=timezone.now(),
            finished_at=timezone.now(),
            filename="report.xlsx",
        )
        export.file.save("report.xlsx", ContentFile(b"PK"), save=True)
        exports.append(export)
    schools = [bondarskaya, pakhotnaya, morshanskaya, lyceum]
    plans = [accepted_plan(school) for school in schools]
    uploads = []
    for name in ("zoya", "anna"):
        upload = SchoolUpload(
            region=ministry.region,
            academic_year=2023,
            filename="schools.csv",
            checksum="0" * 64,
            by=people[name],
            at=timezone.now(),
        )
        head = "Муниципалитет;Полное наименование ОО;ИНН;Уровень\n"
        upload.file.save("schools.csv", ContentFile(head.encode()), save=True)
        uploads.append(upload)
    imports = [
        SchoolImport.objects.create(region=region, academic_year=2023, filename="schools.csv", at=timezone.now())
        for region in (ministry.region, stranger_ministry.region)
    ]
    for region in (ministry.region, stranger_ministry.region):
        ColumnMapping.objects.create(region=region, head="0" * 64, titles=["Код"], fields={}, at=timezone.now())
    notices, digests = [], []
    for number, person in enumerate(people.values(), start=1):
        home = person.active_memberships[0].organization.region
        # Each has a digest of a day of their own: by a day alone nobody reaches another's.
        digests.append(
            Digest.objects.create(user=person, region=home, day=date(2023, 10, number), created_at=timezone.now())
        )
        notices.append(
            Notice.objects.create(user=person, kind="digest", url="/obligations/", text="Сводка", at=timezone.now())
        )
    organizations = [*owing, stranger_ministry]
    return World(
        people,
        obligations,
        evidence,
        extensions,
        roadmaps,
        sections,
        items,
        exports,
        schools,
        plans,
        uploads,
        imports,
        organizations,
        notices,
        digests,
        [_planned_closure(school, people["zoya"]) for school in (bondarskaya, lyceum)],
    )


def _all_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            yield from _all_names(entry, f"{entry.namespace}:" if entry.namespace else namespace)
        elif entry.name:
            yield f"{namespace}{entry.name}"


def test_no_door_is_forgotten() -> None:
    known = {door.name for door in DOORS} | PUBLIC | doors.ASKED_AGAIN | {"obligations:mail_letter"}

    assert set(_all_names(get_resolver())) == known


def _knock(client: Client, method: str, url: str, data: dict[str, Any]) -> int:
    """Try a door and leave the world as it was."""
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        status = response.status_code
        if response.streaming:
            # Read to its end, a file closes itself. response.close() would end the request for Django
            # a second time, and with it the connection that the test's transaction lives on.
            response.getvalue()
        transaction.set_rollback(True)
    return int(status)


def _stands_before(session: SimpleCookie, person: User, door: Door, world: World) -> Iterator[str]:
    """Knock with every object in hand; tell of each answer that is not the right one."""
    client = Client()
    things = list(door.objects(world)) if door.objects else [None]
    seen = None if door.visible is None else set(door.visible(person).values_list("pk", flat=True))
    for thing in things:
        url = reverse(door.name, args=door.args(thing) if thing is not None else [])
        if thing is not None and seen is not None and thing.pk not in seen:
            expected = {404}
        else:
            expected = PASSED if door.may(person, thing) else {403}
        for method in door.methods:
            # What the last knock made of the cookies, a sign-out for one, is taken back with the rest.
            client.cookies = SimpleCookie({name: morsel.value for name, morsel in session.items()})
            status = _knock(client, method, url, door.data)
            if status not in expected:
                yield f"{person.first_name} {method} {url}: {status}, expected one of {sorted(expected)}"


@pytest.mark.parametrize("name", CAST)
def test_each_person_at_each_door(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A world for each person, not for each door: whatever they do there is taken back (`_knock`)."""
    # Most knocks are refused; tests/portal/test_errors.py tells what a refusal looks like.
    monkeypatch.setattr(urls, "handler403", lambda _request, **_told: HttpResponseForbidden())
    monkeypatch.setattr(urls, "handler404", lambda _request, **_told: HttpResponseNotFound())
    person = world.people[name]
    client = Client()
    client.force_login(person)

    assert [wrong for door in DOORS for wrong in _stands_before(client.cookies, person, door, world)] == []


def test_nobody_enters_without_signing_in(world: World) -> None:
    for door in DOORS:
        thing = next(iter(door.objects(world))) if door.objects else None
        url = reverse(door.name, args=door.args(thing) if thing is not None else [])
        for method in ("get", "post"):
            response = getattr(Client(), method)(url)
            assert response.status_code == 302, url
            assert response["Location"].startswith(reverse("accounts:login")), url


LINKED: list[tuple[str, Callable[[User], models.QuerySet[Any]]]] = [
    (r'href="/obligations/(\d+)/"', Obligation.objects.visible_to),
    (r'href="/obligations/extensions/(\d+)/"', Extension.objects.visible_to),
    (r'href="/roadmaps/(\d+)/(?:draft/)?"', Roadmap.objects.visible_to),
    (r'href="/roadmaps/items/(\d+)/"', Item.objects.visible_to),
    (r'href="/schools/(?:municipalities/)?(\d+)/', Organization.objects.visible_to),
    (r'href="/exports/([0-9a-f-]{36})/"', Export.objects.visible_to),
]


@pytest.mark.parametrize("name", CAST)
def test_pages_link_only_to_what_the_person_may_open(name: str, world: World) -> None:
    person, client = world.people[name], Client()
    client.force_login(person)
    pages = [
        "home",
        "obligations:todo",
        "obligations:inbox",
        "obligations:extensions",
        "roadmap:list",
        "reporting:roadmap_progress",
        "reporting:school_levels",
    ]
    urls = [reverse(page) for page in [*pages, "exports:list", "schools:list"]]
    urls += [reverse("roadmap:detail", args=[roadmap.pk]) for roadmap in world.roadmaps]
    urls += [
        reverse(f"roadmap:{view}", args=[roadmap.pk])
        for view in ("matrix", "timeline", "calendar")
        for roadmap in world.roadmaps
    ]
    urls += [reverse("roadmap:item", args=[item.pk]) for item in world.items]

    for url in urls:
        page = client.get(url).content.decode()
        for pattern, visible in LINKED:
            linked = set(re.findall(pattern, page))
            seen = {str(pk) for pk in visible(person).values_list("pk", flat=True)}
            assert linked <= seen, f"{name} at {url} is shown {sorted(linked - seen)}"


def test_a_letter_is_read_by_whom_it_was_sent_to(world: World, settings: LazySettings) -> None:
    """Letters are files; their names are their only identity."""
    settings.EMAIL_BACKEND = "obligations.mail.FolderBackend"
    world.people["elena"].email_user("Поручения", "Просрочено одно поручение.")
    [letter] = list(read_letters())
    url = reverse("obligations:mail_letter", args=[letter.name])
    readers = set()
    for name, person in world.people.items():
        client = Client()
        client.force_login(person)
        if client.get(url).status_code == 200:
            readers.add(name)

    assert readers == {"elena", "zoya"}
