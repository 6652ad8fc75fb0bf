"""Undoing an import: every row as it was and new organizations gone; refused once something was built on it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Organization, User
from accounts.russian import counted
from obligations.models import Obligation, TallyEntry
from obligations.reconciling import reconcile_region
from obligations.taking_back import decided_since, given_back, references, remove_untouched, worked_on
from schools.actions import note_status_changes
from schools.imports.listings import RESOURCES
from schools.imports.slices import Slice, chunks
from schools.models import PARTED, ChangeSource, Plan, RegistryChange, SchoolImport

_NAMED_AT_MOST = 5
SHOWN = 50
"""Of so many organizations every value is told; a page shows no more."""
_OBLIGATIONS = ("поручению", "поручениям", "поручениям")
# What a record holds of the database rather than of the list.
_OF_DATABASE = ("pk", "has_profile")

TOO_OLD = "Загрузка сделана до того, как портал научился хранить прежние сведения."
UNDONE = "Загрузка уже отменена."


@dataclass(frozen=True)
class Restored:
    """An organization of which something becomes again what it was: title, what it is now, what it will be."""

    name: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class UndoPlan:
    """What undoing an import would do, or why it cannot be undone."""

    reasons: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    """Names of what goes."""
    restored: tuple[Restored, ...] = ()
    obligations: int = 0
    """Obligations that came with the import and go with it."""

    @property
    def is_possible(self) -> bool:
        """Nothing was built on the import."""
        return not self.reasons


class Undo:
    """The undoing of one import, beside the registry as it is now: reads everything, writes nothing until told to."""

    def __init__(self, record: SchoolImport) -> None:
        self._record = record
        self._year = record.academic_year
        self._resource = RESOURCES[record.listing](region=record.region, academic_year=self._year)
        revision = getattr(record, "revision", None)
        self._content: dict[str, Any] | None = revision.content() if revision else None
        self._created: dict[int, str] = {}
        self._touched: list[int] = []
        self._names: dict[int, str] = {}

    def look(self) -> UndoPlan:
        """What it would do."""
        if self._record.undone_at:
            return UndoPlan(reasons=(UNDONE,))
        if self._content is None:
            return UndoPlan(reasons=(TOO_OLD,))
        self._touched = self._content["touched"]
        edited = [*self._find_created(), *self._edited()]
        touched = Organization.objects.filter(pk__in=self._touched)
        self._names = dict(touched.values_list("pk", "short_name"))
        made, obstacles = self._resource.made_beside(self._record)
        return UndoPlan(
            reasons=(*self._reasons(edited), *obstacles),
            deleted=(*self._created.values(), *made),
            restored=tuple(self._restored()),
            obligations=self._given().count() + self._of_created(),
        )

    def carry_out(self, *, by: User, at: datetime) -> UndoPlan:
        """Undo it, unless something is in the way. Runs inside a transaction that has locked the region."""
        plan = self.look()
        if not plan.is_possible or self._content is None:
            return plan
        remove_untouched(self._given())
        for chunk in chunks(list(self._created)):
            remove_untouched(Obligation.objects.filter(organization__in=chunk))
            Organization.objects.filter(pk__in=chunk).delete()
        for one in self._resource.slices:
            self._restore(one)
        self._resource.take_back_beside(self._record, at=at)
        note = f"Отменена загрузка списка «{self._record.filename[-120:]}»."
        given_back(organizations=self._touched, left_at=self._record.at, by=by, at=at, comment=note)
        reconcile_region(region=self._record.region, academic_year=self._year, by=by, at=at, note=note)
        self._tell(note, by=by, at=at)
        SchoolImport.objects.filter(pk=self._record.pk).update(
            undone_at=at, undone_deleted=len(plan.deleted), undone_restored=len(plan.restored)
        )
        return plan

    # --- what is there now --------------------------------------------------------------------
    def _find_created(self) -> Iterator[str]:
        """Find the organizations that the import made; names of those that are no more what it made of them."""
        resource, content = self._resource, self._content or {}
        if not content["created"]:
            return
        resource.read()
        record_of = type(resource.nothing)._make
        same = dict.fromkeys((name for name in _OF_DATABASE if name in resource.nothing._fields), None)
        for values in content["created"]:
            made = record_of(values)
            found = resource.registry.get(resource.key(made))
            if found is None or found._replace(**same) != made._replace(**same):
                yield resource.title(made)
            else:
                self._created[found.pk] = resource.title(made)

    def _edited(self) -> Iterator[str]:
        """Names of the organizations whose rows are no more what the import made of them."""
        ids: set[int] = set()
        for one in self._resource.slices:
            now, after = self._now(one), self._rows(one, "after")
            ids |= {
                self._owner(one, row)
                for key in now.keys() | after.keys()
                if (row := now.get(key) or after[key]) and now.get(key) != after.get(key)
            }
        for pk, name in Organization.objects.filter(pk__in=ids).values_list("pk", "short_name"):
            self._names[pk] = name
            yield name

    def _reasons(self, edited: list[str]) -> Iterator[str]:
        if edited:
            yield f"После загрузки изменены сведения: {_named(edited)}."
            later = SchoolImport.objects.filter(
                region=self._record.region, at__gt=self._record.at, undone_at=None
            ).order_by("at")
            if files := [f"«{name}»" for name in later.values_list("filename", flat=True)]:
                yield f"Позже загружены другие списки: {_named(files)}. Если изменили они, сначала отмените их."
        if built := self._built_on_created():
            parts = ", ".join(f"{name} — {count}" for name, count in sorted(built.items()))
            yield f"На новые организации уже опираются другие записи: {parts}."
        if worked := self._worked_on():
            yield f"По {counted(worked, *_OBLIGATIONS)}, которые дала или изменила загрузка, уже работали."
        if plans := self._plans():
            yield f"Школы уже составляют планы по уровням из этого списка: {plans}."

    def _built_on_created(self) -> Counter[str]:
        """How many rows of which tables point to the new organizations, beside what the import itself wrote."""
        slices = {one.model: one for one in self._resource.slices}
        found: Counter[str] = Counter()
        for model, name in references(Organization):
            own = slices.get(model)
            if model in (Obligation, TallyEntry) or (own and not own.by_year and name != "parent"):
                continue
            for chunk in chunks(list(self._created)):
                rows = model._default_manager.filter(**{f"{name}__in": chunk})
                if own and own.by_year:
                    rows = rows.exclude(academic_year=self._year)
                if model is RegistryChange:
                    # What lists may say was compared value by value.
                    rows = rows.exclude(source=ChangeSource.LIST)
                if count := rows.count():
                    found["подчинённые организации" if name == "parent" else _plural(model)] += count
        return found

    def _worked_on(self) -> int:
        """Obligations of the import that somebody has worked on since."""
        of_created = sum(
            len(worked_on(Obligation.objects.filter(organization__in=chunk))) for chunk in chunks(list(self._created))
        )
        moved = decided_since(organizations=self._touched, moved_at=self._record.at, also=self._with_other_parent())
        return of_created + len(worked_on(self._given())) + moved

    def _with_other_parent(self) -> list[int]:
        """Organizations that the import has put under somebody else, who may have reviewed since."""
        return self._with_changed(Organization, "parent_id")

    def _plans(self) -> int:
        ids = self._with_changed_rows("schools.schoolyear")
        return Plan.objects.filter(
            obligation__organization__in=ids,
            obligation__requirement__academic_year=self._year,
            saved_at__gt=self._record.at,
        ).count()

    def _given(self) -> Any:
        """Obligations that the import gave to organizations known before."""
        return Obligation.objects.filter(organization__in=self._touched, created_at=self._record.at)

    def _of_created(self) -> int:
        return sum(Obligation.objects.filter(organization__in=chunk).count() for chunk in chunks(list(self._created)))

    # --- rows before and after ----------------------------------------------------------------
    def _rows(self, one: Slice, moment: str) -> dict[Any, list[Any]]:
        """The kept rows of a table by key."""
        return {row[0]: row for row in (self._content or {})[moment].get(one.label, [])}

    def _now(self, one: Slice) -> dict[Any, list[Any]]:
        return {row[0]: row for row in one.read(self._touched, self._year)} if self._touched else {}

    def _owner(self, one: Slice, row: list[Any]) -> int:
        """The organization a row belongs to."""
        wanted = one.organization if one.organization == "pk" else f"{one.organization}_id"
        at = 0 if wanted == "pk" else [field.attname for field in one.fields].index(wanted)
        return int(row[at])

    def _changed(self) -> Iterator[tuple[Slice, list[Any] | None, list[Any] | None]]:
        """Each row that the import changed, added (no before) or deleted (no after)."""
        for one in self._resource.slices:
            before, after = self._rows(one, "before"), self._rows(one, "after")
            for key in sorted(before.keys() | after.keys()):
                if before.get(key) != after.get(key):
                    yield one, before.get(key), after.get(key)

    def _with_changed(self, model: type[Any], attname: str) -> list[int]:
        return [
            self._owner(one, before)
            for one, before, after in self._changed()
            if one.model is model and before and after and (at := _place(one, attname)) and before[at] != after[at]
        ]

    def _with_changed_rows(self, label: str) -> list[int]:
        return [self._owner(one, before or after or []) for one, before, after in self._changed() if one.label == label]

    def _restored(self) -> Iterator[Restored]:
        """What becomes of each organization, in words."""
        told: dict[int, list[tuple[str, str, str]]] = {}
        for one, before, after in self._changed():
            changes = told.setdefault(self._owner(one, before or after or []), [])
            if len(told) <= SHOWN:
                changes += one.differences(after, before)
        for pk, changes in told.items():
            yield Restored(self._names.get(pk, ""), tuple(changes))

    def _restore(self, one: Slice) -> None:
        """Put the rows of a table back as they were, under the keys they had."""
        gone: list[Any] = []
        back: list[Any] = []
        for changed, before, after in self._changed():
            if changed is one and before is None and after is not None:
                gone.append(after[0])
            elif changed is one and before is not None:
                back.append(before)
        one.model._default_manager.filter(pk__in=gone).delete()
        fields = one.fields
        one.model._default_manager.bulk_create(
            [
                one.model(**{field.attname: field.to_python(value) for field, value in zip(fields, row, strict=True)})
                for row in back
            ],
            batch_size=500,
            update_conflicts=True,
            unique_fields=[fields[0].name],
            update_fields=[field.name for field in fields[1:]],
        )

    def _tell(self, note: str, *, by: User, at: datetime) -> None:
        """Let the histories of schools say that what the import changed never held."""
        imported = RegistryChange.objects.filter(
            organization__in=self._touched, at=self._record.at, source=ChangeSource.LIST
        )
        RegistryChange.objects.bulk_create(
            [
                RegistryChange(
                    organization_id=one.organization_id,
                    field=one.field,
                    academic_year=one.academic_year,
                    was=one.becomes,
                    becomes=one.was,
                    on=None,
                    source=ChangeSource.LIST,
                    note=one.note if one.field in PARTED else note,
                    by=by,
                    at=at,
                )
                for one in imported
            ],
            batch_size=1000,
        )
        turned = {
            self._owner(one, before): bool(before[at_active])
            for one, before, after in self._changed()
            if one.model is Organization and before and after
            if (at_active := _place(one, "is_active")) and before[at_active] != after[at_active]
        }
        if turned:
            today = self._record.region.local(at).date()
            note_status_changes(changed=turned, reason=note, on=today, by=by, now=at)


def _place(one: Slice, attname: str) -> int:
    return [field.attname for field in one.fields].index(attname)


def _plural(model: type[Any]) -> str:
    return str(model._meta.verbose_name_plural)


def _named(names: list[str]) -> str:
    """«А, Б и ещё 7»."""
    shown = ", ".join(names[:_NAMED_AT_MOST])
    more = len(names) - _NAMED_AT_MOST
    return f"{shown} и ещё {more}" if more > 0 else shown
