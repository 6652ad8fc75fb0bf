"""Whom a school answers to, by what the list calls its municipality."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from accounts.models import BodyAlias, Organization, OrganizationKind, Region
from sheets.checks import CheckError
from sheets.lookalikes import to_cyrillic

REGIONAL = "Региональное подчинение"

_WORD = re.compile(r"[^\W_]+")
_DISTRICT = re.compile(r"\bр[-\s.]*н\b")
# Words that say what kind of territory it is and not which; with them gone «Бондарский район» is «Бондарский».
_KIND_WORDS = frozenset(
    "муниципальный муниципального муниципальное муниципальным городской городского городское округ округа округе "
    "район района районе образование образования город города городе гор г м о мо го".split()
)
_REGIONAL_WORDS = (
    REGIONAL,
    "Региональный бюджет",
    "Региональные",
    "Региональное",
    "Областное подчинение",
    "Областной бюджет",
    "Областные",
    "Областное",
    "ОГОО",
)
_LONGEST_HINTED = 40
_OF_WHOM = re.compile(r"\bадминистрации\s+(.+)", re.IGNORECASE)


class Places:
    """The municipalities of a region and its ministry under every name a list may give them."""

    def __init__(self, names: Iterable[tuple[int, str, Iterable[str]]]) -> None:
        """Take organizations: id, name for people, further names."""
        self.labels: dict[int, str] = {}
        self._whole: dict[str, set[int]] = defaultdict(set)
        self._bare: dict[str, set[int]] = defaultdict(set)
        for pk, label, others in names:
            self.labels[pk] = label
            for name in (label, *others):
                words = _words(name)
                if words:
                    self._whole[" ".join(words)].add(pk)
                    self._bare[" ".join(_without_kind(words))].add(pk)

    @classmethod
    def of(cls, region: Region) -> Self:
        """Read the region's municipalities and ministry; two queries."""
        organizations = Organization.objects.filter(
            region=region, kind__in=[OrganizationKind.MUNICIPALITY, OrganizationKind.MINISTRY]
        ).active()
        aliases: dict[int, list[str]] = defaultdict(list)
        for pk, text in BodyAlias.objects.filter(region=region, organization__in=organizations).values_list(
            "organization", "text"
        ):
            aliases[pk or 0].append(text)
        return cls((one.pk, *_names(one, region, aliases[one.pk])) for one in organizations.order_by("pk"))

    def find(self, text: str) -> int:
        """The id of the organization a cell names; raises CheckError when it names none or several."""
        words = _words(text)
        if not words:
            raise CheckError(f"Муниципалитет не указан. Впишите его название, а для школы области — «{REGIONAL}».")
        found = self._whole.get(" ".join(words)) or self._bare.get(" ".join(_without_kind(words))) or set()
        if len(found) == 1:
            return next(iter(found))
        shown = text if len(text) <= 60 else text[:59] + "…"
        if found:
            names = ", ".join(f"«{self.labels[pk]}»" for pk in sorted(found))
            raise CheckError(f"Муниципалитет «{shown}» определяется неоднозначно: {names}. Напишите название целиком.")
        near = self._nearest(" ".join(_without_kind(words)))
        hint = f" Может быть, «{near}»?" if near else " Сверьте название со справочником портала."
        raise CheckError(f"Муниципалитета «{shown}» нет в регионе.{hint}")

    def _nearest(self, words: str) -> str:
        # A long text is no misspelt municipality but another column; comparing it would take long for nothing.
        if len(words) > _LONGEST_HINTED:
            return ""
        near = difflib.get_close_matches(words, self._bare, n=1, cutoff=0.75)
        return self.labels[min(self._bare[near[0]])] if near else ""


def _names(one: Organization, region: Region, aliases: list[str]) -> tuple[str, list[str]]:
    """The organization's name for people and its further names."""
    if one.kind == OrganizationKind.MINISTRY:
        return REGIONAL, [*_REGIONAL_WORDS, one.name, one.short_name, region.name, *aliases]
    # «Отдел образования администрации Бондарского муниципального округа» names the district as well.
    whose = [match[1] for match in [_OF_WHOM.search(one.name)] if match]
    return one.short_name, [one.name, *whose, *aliases]


def _words(text: str) -> list[str]:
    plain = to_cyrillic(text.upper()).casefold().replace("ё", "е")
    return _WORD.findall(_DISTRICT.sub("район", plain))


def _without_kind(words: list[str]) -> list[str]:
    return [word for word in words if word not in _KIND_WORDS] or words
