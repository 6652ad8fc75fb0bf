"""Responsible bodies: the names a region knows, and remembering a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import structlog
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import BodyAlias, BodyGroup, Organization, OrganizationKind, Region, User
from roadmap.actions.refusal import RoadmapRefused
from roadmap.imports.bodies import BodyDirectory, BodyMatch, BodyName, normalised, same_name_key, split_bodies
from roadmap.imports.names import GROUP_NAMES, other_names
from roadmap.models import ItemBody, Roadmap, RoadmapState

log = structlog.get_logger(__name__)

LONGEST_ALIAS = 300
# Of the letters of two names, so many have to be the same, in the same order.
NEAR = 0.6


@dataclass(frozen=True)
class BodyKey:
    """What a body's name stands for: one organization or a group."""

    organization: Organization | None = None
    group: str = ""

    @property
    def label(self) -> str:
        """Name the body for people."""
        return self.organization.short_name if self.organization else BodyGroup(self.group).label


@dataclass(frozen=True)
class ReadBody:
    """A responsible body as the cell names it, and what it was matched to; nothing is saved."""

    text: str
    key: BodyKey | None

    @property
    def is_resolved(self) -> bool:
        """The text was matched to an organization or a group."""
        return self.key is not None

    @property
    def organization(self) -> Organization | None:
        """The organization it was matched to, if to one."""
        return self.key.organization if self.key else None

    @property
    def group(self) -> str:
        """The code of the group it was matched to, '' when to none."""
        return self.key.group if self.key else ""

    @property
    def label(self) -> str:
        """Whom the text was matched to, or the text itself."""
        return self.key.label if self.key else self.text


def body_directory(region: Region, owner: Organization | None = None) -> list[BodyName]:
    """Every name by which the region's documents, or those of one ``owner`` in it, may call a body.

    Short names of organizations other than schools, their full names, the groups, then what people have mapped:
    the later wins over the earlier, so that a person can overrule the registry. A short name that two organizations
    would share is nobody's. An owner's document asks nobody outside the owner's scope.
    """
    names: dict[str, BodyName] = {}

    def know(text: str, key: BodyKey, *, is_short: bool = False) -> None:
        if spelling := normalised(text):
            names[spelling] = BodyName(text=text, key=key, is_group=bool(key.group), is_short=is_short)

    organizations = list(
        Organization.objects.filter(region=region).active().exclude(kind=OrganizationKind.SCHOOL).order_by("pk")
    )
    for text, key in _short_names(organizations, region):
        know(text, key, is_short=True)
    for organization in organizations:
        know(organization.name, BodyKey(organization))
    for group in BodyGroup:
        for text in (*GROUP_NAMES.get(group.value, ()), group.label):
            know(text, BodyKey(group=group.value))
            know(f"{text} {region.name_genitive}", BodyKey(group=group.value))
    for alias in BodyAlias.objects.filter(region=region).select_related("organization"):
        know(alias.text, BodyKey(alias.organization, alias.group))
    if owner is not None:
        know(owner.name, BodyKey(owner))
        know(owner.short_name, BodyKey(owner))
    return BodyDirectory(name for name in names.values() if owner is None or _is_below(owner, name.key))


def _is_below(owner: Organization, key: object) -> bool:
    """A group, the owner, or an organization directly below it."""
    organization = key.organization if isinstance(key, BodyKey) else None
    return organization is None or owner.pk in (organization.pk, organization.parent_id)


def name_in_draft(*, roadmap: Roadmap, text: str, organization: Organization | None, group: str, by: User) -> int:
    """Say whom a name in the draft of a municipality or a school stands for; return how many cells it resolved.

    The whole region would not agree with what one school calls «отдел»: nothing is remembered. Raises
    RoadmapRefused when the organization is outside the owner's scope or not exactly one of both is given.
    """
    if bool(organization) == bool(group):
        raise RoadmapRefused("Выберите организацию или группу, которой соответствует наименование.")
    if roadmap.owner is None or not _is_below(roadmap.owner, BodyKey(organization, group)):
        raise RoadmapRefused("Поручать можно только своей организации и подотчётным ей.")
    key = BodyKey(organization, group)
    name = BodyName(text=text, key=key, is_group=bool(group))
    with transaction.atomic():
        unresolved = _unresolved_in_drafts(item__section__roadmap=roadmap)
        resolved = _resolve(unresolved, BodyDirectory([*body_directory(roadmap.region, roadmap.owner), name]), key)
    log.info("body named in a draft", roadmap=roadmap.pk, text=text, resolved=resolved, by=by.pk)
    return resolved


def _short_names(organizations: list[Organization], region: Region) -> Iterator[tuple[str, BodyKey]]:
    """Abbreviations and parts of names that only one organization of the region goes by."""
    owners: dict[str, dict[int, tuple[str, BodyKey]]] = {}
    for organization in organizations:
        is_ministry = organization.kind == OrganizationKind.MINISTRY
        for text in other_names(organization.name, region.name_genitive, is_ministry=is_ministry):
            owners.setdefault(normalised(text), {})[organization.pk] = (text, BodyKey(organization))
    for named in owners.values():
        if len(named) == 1:
            yield from named.values()


def read_bodies(text: str, directory: list[BodyName]) -> list[ReadBody]:
    """Split a cell of responsible bodies; a line break always parts two of them."""
    found: dict[tuple[int | None, str, str], ReadBody] = {}
    for line in text.splitlines():
        for match in split_bodies(line, directory):
            body = _read(match)
            identity = (
                body.organization.pk if body.organization else None,
                body.group,
                "" if body.is_resolved else normalised(body.text),
            )
            found.setdefault(identity, body)
    return list(found.values())


def near_names(text: str, directory: list[BodyName], *, most: int = 3) -> list[BodyKey]:
    """Known bodies whose names are nearest to one nobody knows, the nearest first; word forms do not count."""
    by_name = {same_name_key(name.text): name.key for name in directory if isinstance(name.key, BodyKey)}
    near = get_close_matches(same_name_key(text), by_name, n=most * 3, cutoff=NEAR)
    return list(dict.fromkeys(by_name[name] for name in near))[:most]


def _read(match: BodyMatch) -> ReadBody:
    """Take over one match of the splitter."""
    return ReadBody(match.text, match.key if isinstance(match.key, BodyKey) else None)


def remember_alias(*, region: Region, text: str, organization: Organization | None, group: str, by: User) -> int:
    """Remember what a body's name stands for and apply it to the drafts; return how many cells it resolved.

    Raises RoadmapRefused when the organization is of another region, when neither or both of
    organization and group are given, or when the text is too long to be one name.
    """
    if bool(organization) == bool(group):
        raise RoadmapRefused("Выберите организацию или группу, которой соответствует наименование.")
    if organization and organization.region_id != region.pk:
        raise RoadmapRefused("Эта организация относится к другому субъекту РФ.")
    _refuse_group_name(text, organization)
    if len(text) > LONGEST_ALIAS:
        raise RoadmapRefused("Фрагмент слишком длинный для одного наименования: разделите его на строки в мероприятии.")
    spelling = normalised(text)
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        known = BodyAlias.objects.filter(region=region)
        known.filter(pk__in=[alias.pk for alias in known if normalised(alias.text) == spelling]).delete()
        BodyAlias.objects.create(region=region, text=text, organization=organization, group=group)
        unresolved = _unresolved_in_drafts(item__section__roadmap__region=region)
        if organization is not None:
            # Drafts of municipalities and schools ask only organizations below their owner.
            unresolved = unresolved.filter(item__section__roadmap__owner=None)
        resolved = _resolve(unresolved, body_directory(region), BodyKey(organization, group))
    log.info("body alias remembered", region=region.code, text=text, resolved=resolved, by=by.pk)
    return resolved


def _refuse_group_name(text: str, organization: Organization | None) -> None:
    """A name that means a group of bodies everywhere may not come to mean one of them."""
    if organization is None:
        return
    for group in BodyGroup:
        if normalised(text) in {normalised(name) for name in (*GROUP_NAMES.get(group.value, ()), group.label)}:
            raise RoadmapRefused(
                f"Так называется группа «{group.label}»: одной организации это наименование не сопоставить."
            )


def _unresolved_in_drafts(**where: object) -> QuerySet[ItemBody]:
    """What drafts have left open."""
    return ItemBody.objects.filter(
        item__section__roadmap__state=RoadmapState.DRAFT, organization=None, group="", **where
    )


def _resolve(unresolved: QuerySet[ItemBody], directory: list[BodyName], key: BodyKey) -> int:
    """Resolve those that mean this body by the names now known, inflected forms too; return how many cells."""
    by_text: dict[str, list[int]] = {}
    for body in unresolved:
        by_text.setdefault(body.text, []).append(body.pk)
    same = [
        pk
        for text, bodies in by_text.items()
        if [(one.organization, one.group) for one in read_bodies(text, directory)] == [(key.organization, key.group)]
        for pk in bodies
    ]
    return ItemBody.objects.filter(pk__in=same).update(organization=key.organization, group=key.group)
