"""What the registry was before an import: kept row by row as the database has it, so that undoing is exact."""

from schools.imports.engine import Findings, ListResource
from schools.imports.slices import Rows
from schools.models import ImportRevision, SchoolImport


class Revision:
    """Taken before an import writes and kept after it."""

    def __init__(self, resource: ListResource, findings: Findings) -> None:
        self._resource = resource
        self._findings = findings
        self._touched = sorted(set(resource.touched(findings)))
        self._before = self._read()

    def keep(self, record: SchoolImport) -> None:
        """Keep what was, and what the import made of it, with its audit row."""
        content = {
            "created": [after for _, after in self._findings.created] if self._resource.makes_organizations else [],
            "touched": self._touched,
            "before": self._before,
            "after": self._read(),
        }
        ImportRevision.objects.create(of=record, packed=ImportRevision.pack(content))

    def _read(self) -> Rows:
        if not self._touched:
            return {}
        year = self._resource.academic_year
        return {one.label: one.read(self._touched, year) for one in self._resource.slices}
