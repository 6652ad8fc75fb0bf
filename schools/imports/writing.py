"""Plain tuples into a model's table, many at a time, without an object and a dozen calls for each."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model

BATCH = 5000
_SENT_AT_ONCE = 1024 * 1024
_LENGTH = re.compile(r"\(.*\)")
# How COPY writes the signs that mean something to it; the one that the others are written with goes first.
_COPIED = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))


def write_rows(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
    unique: Sequence[str] = (),
    update: Sequence[str] = (),
) -> None:
    """Insert rows whose values are those of the named fields; `same` are fields with one value in all of them.

    A row that is there already, by the `unique` fields, takes over the `update` fields; without any it stays as it
    is. Values are what the database keeps: ids for foreign keys, no dates. What is not named gets the model's default.
    """
    fields = {field.name: field for field in model._meta.concrete_fields}
    constants = {
        name: field.get_db_prep_save(field.get_default(), connection)
        for name, field in fields.items()
        if name not in names and not isinstance(field, AutoField)
    } | dict(same or {})
    columns = ", ".join(_column(fields[name]) for name in (*names, *constants))
    table = f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
    into = f"INSERT INTO {table}"
    conflict = _on_conflict([_column(fields[name]) for name in unique], [_column(fields[name]) for name in update])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not unique:
            # Nothing to collide with: the way PostgreSQL takes over whole files is the quickest.
            for batch in _batches(rows):
                with connection.wrap_database_errors:
                    lines = _lines(batch, tuple(constants.values()))
                    cursor.copy_expert(f"COPY {table} FROM STDIN", lines, _SENT_AT_ONCE)
        elif connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{_type(fields[name])}[]" for name in names)
            same_in_all = "".join(f", %s::{_type(fields[name])}" for name in constants)
            # Only names of our own tables, columns and types are put into the text; every value is a parameter.
            statement = f"{into} SELECT listed.*{same_in_all} FROM unnest({arrays}) AS listed {conflict}"  # noqa: S608
            for batch in _batches(rows):
                cursor.execute(statement, [*constants.values(), *map(_array, zip(*batch, strict=True))])
        elif rows:
            places = ", ".join(["%s"] * (len(names) + len(constants)))
            tail = tuple(constants.values())
            cursor.executemany(f"{into} VALUES ({places}) {conflict}", [(*row, *tail) for row in rows])


def _on_conflict(unique: Sequence[str], update: Sequence[str]) -> str:
    if not unique:
        return ""
    if not update:
        return f"ON CONFLICT ({', '.join(unique)}) DO NOTHING"
    values = ", ".join(f"{column} = EXCLUDED.{column}" for column in update)
    return f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {values}"


def _column(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))


def _type(field: "Field[Any, Any]") -> str:
    """The field's type in the database, without its length: a cast to it would cut a text off in silence."""
    return _LENGTH.sub("", field.db_type(connection) or "text")


def _lines(rows: Sequence[Sequence[Any]], same: Sequence[Any]) -> io.StringIO:
    """Rows as COPY reads them: a line each, cells parted by tabs, and behind them the values that all share."""
    tail = "".join(f"\t{cell}" for value in same for cell in _cells([value]))
    columns = map(_cells, zip(*rows, strict=True))
    return io.StringIO("".join(f"{line}{tail}\n" for line in map("\t".join, zip(*columns, strict=True))))


def _cells(values: Sequence[Any]) -> list[str]:
    """A column as COPY reads its cells."""
    if set(map(type, values)) == {int}:
        return list(map(str, values))
    texts = _joined(values)
    if texts is None:
        return [r"\N" if value is None else _escaped(str(value)) for value in values]
    return _escaped(texts).split("\0")


def _escaped(text: str) -> str:
    for sign, written in _COPIED:
        text = text.replace(sign, written)
    return text


def _joined(values: Sequence[Any]) -> str | None:
    """A column of texts as one, to be worked on in one stroke; None where not all are texts without the sign NUL.

    No text in PostgreSQL has that sign; one from elsewhere is left to the database to refuse.
    """
    if set(map(type, values)) != {str}:
        return None
    texts = "\0".join(values)
    return texts if texts.count("\0") == len(values) - 1 else None


def _array(values: Sequence[Any]) -> Any:
    """A column as PostgreSQL writes arrays, in one stroke where the driver would quote every value by itself."""
    if set(map(type, values)) == {int}:
        return f"{{{','.join(map(str, values))}}}"
    if (texts := _joined(values)) is not None:
        quoted = texts.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
        return f'{{"{quoted}"}}'
    return list(values)


def _batches(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
