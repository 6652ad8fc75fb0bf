"""Responsible bodies: the names a region knows, and remembering a new one."""

from dataclasses import dataclass

import structlog
from django.db import transaction

from accounts.models import BodyAlias, BodyGroup, Organization, OrganizationKind, Region, User
from roadmap.actions.refusal import RoadmapRefused
from roadmap.imports.bodies import BodyMatch, BodyName, normalised, split_bodies
from roadmap.models import ItemBody, Roadmap, RoadmapState

log = structlog.get_logger(__name__)

LONGEST_ALIAS = 300


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

    The full names of organizations other than schools, then the groups, then what people have mapped:
    the later wins over the earlier, so that a person can overrule the registry. Short names are left
    out: «Министерство образования и науки» also begins the name of a federal ministry. An owner's document
    asks nobody outside the owner's scope.
    """
    names: dict[str, BodyName] = {}

    def know(text: str, key: BodyKey) -> None:
        if spelling := normalised(text):
            names[spelling] = BodyName(text=text, key=key)

    for organization in Organization.objects.filter(region=region).active().exclude(kind=OrganizationKind.SCHOOL):
        know(organization.name, BodyKey(organization))
    for group in BodyGroup:
        know(group.label, BodyKey(group=group.value))
    for alias in BodyAlias.objects.filter(region=region).select_related("organization"):
        know(alias.text, BodyKey(alias.organization, alias.group))
    if owner is not None:
        know(owner.name, BodyKey(owner))
        know(owner.short_name, BodyKey(owner))
    return [name for name in names.values() if owner is None or _is_below(owner, name.key)]


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
    spelling = normalised(text)
    with transaction.atomic():
        unresolved = ItemBody.objects.filter(
            item__section__roadmap=roadmap,
            item__section__roadmap__state=RoadmapState.DRAFT,
            organization=None,
            group="",
        )
        same = [body.pk for body in unresolved if normalised(body.text) == spelling]
        resolved = ItemBody.objects.filter(pk__in=same).update(organization=organization, group=group)
    log.info("body named in a draft", roadmap=roadmap.pk, text=text, resolved=resolved, by=by.pk)
    return resolved


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
    if len(text) > LONGEST_ALIAS:
        raise RoadmapRefused("Фрагмент слишком длинный для одного наименования: разделите его на строки в мероприятии.")
    spelling = normalised(text)
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        known = BodyAlias.objects.filter(region=region)
        known.filter(pk__in=[alias.pk for alias in known if normalised(alias.text) == spelling]).delete()
        BodyAlias.objects.create(region=region, text=text, organization=organization, group=group)
        unresolved = ItemBody.objects.filter(
            item__section__roadmap__region=region,
            item__section__roadmap__state=RoadmapState.DRAFT,
            organization=None,
            group="",
        )
        same = [body.pk for body in unresolved if normalised(body.text) == spelling]
        resolved = ItemBody.objects.filter(pk__in=same).update(organization=organization, group=group)
    log.info("body alias remembered", region=region.code, text=text, resolved=resolved, by=by.pk)
    return resolved
