"""What a preview tells beside the changes: schools that look like others, and those that a list leaves out."""

from collections.abc import Iterable, Iterator, Mapping, Set

from schools.imports.engine import Beside, Double, Findings
from schools.imports.reading import ListRow
from schools.imports.records import SchoolRecord
from schools.imports.values import plain_name


def look_beside(
    findings: Findings, known: Iterable[SchoolRecord], *, listed: Set[str], places: Mapping[int, str]
) -> Beside:
    """Compare what was found with the schools known.

    `listed` are the taxpayer numbers the list names, also in rows that are wrong otherwise; a school is left out only
    where the list speaks of its municipality at all: the list of one district says nothing of the others.
    """
    known = list(known)
    rows = list(_rows(findings))
    spoken_of = {record.municipality for _, record in rows}
    absent = [one for one in known if one.inn not in listed and one.municipality in spoken_of]
    return Beside(
        doubles=tuple(_doubles(findings, rows, known)),
        absent=tuple((str(one), places.get(one.municipality or 0, "")) for one in absent),
    )


def _rows(findings: Findings) -> Iterator[tuple[ListRow, SchoolRecord]]:
    """The rows that are in order with what they become, new schools first."""
    yield from findings.created
    yield from ((row, after) for row, _, after in findings.changed)
    yield from findings.unchanged


def _doubles(
    findings: Findings, rows: Iterable[tuple[ListRow, SchoolRecord]], known: Iterable[SchoolRecord]
) -> Iterator[Double]:
    """New schools whose name another one of the same municipality bears, in the registry or in another row."""
    if not findings.created:
        return
    names = {(one.municipality, plain_name(one.name)): one for one in known}
    first: dict[tuple[int | None, str], tuple[ListRow, str]] = {}
    new = {after.inn for _, after in findings.created}
    for row, record in rows:
        key = record.municipality, plain_name(record.name)
        above, inn = first.setdefault(key, (row, record.inn))
        if record.inn not in new:
            continue
        if (twin := names.get(key)) is not None:
            number = f"ИНН {twin.inn}" if twin.inn else "ИНН не указан"
            yield Double(row, str(record), f"в реестре есть «{twin}», {number}")
        elif inn != record.inn:
            yield Double(row, str(record), f"так же названа школа в строке {above.number}, ИНН {inn}")
