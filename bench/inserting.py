"""``INSERT … SELECT`` into a model's table that goes on working when the model grows a field."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection
from django.db.models import AutoField, Model

from bench.databases import Parameters, execute


def table(model: type[Model]) -> str:
    """The model's table, quoted."""
    return connection.ops.quote_name(model._meta.db_table)


def columns(model: type[Model]) -> list[str]:
    """Every column of the model's table but the automatic id, quoted."""
    fields = (field for field in model._meta.concrete_fields if not isinstance(field, AutoField))
    return [connection.ops.quote_name(str(field.column)) for field in fields]


def literal(value: object) -> str:
    """Write a default of a field as SQL."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return str(value)
        case _:
            return "'" + str(value).replace("'", "''") + "'"


def insert(
    model: type[Model],
    values: Mapping[str, str],
    source: str,
    parameters: Parameters = (),
    *,
    into: str = "",
    further: Mapping[str, str] = MappingProxyType({}),
    conflict: str = "",
) -> int:
    """Insert a row for each row of ``source`` (what follows FROM); return how many.

    ``values`` are SQL expressions by field name; a field that is not named gets the model's default. ``into`` is
    another table with the model's columns, ``further`` the expressions of columns that only that one has, and
    ``conflict`` what follows ON CONFLICT.
    """
    expressions = []
    for field in model._meta.concrete_fields:
        if isinstance(field, AutoField):
            continue
        if field.name in values:
            expressions.append(values[field.name])
        elif field.null and not field.has_default():
            expressions.append("NULL")
        else:
            default = literal(field.get_db_prep_save(field.get_default(), connection))
            expressions.append(default.replace("%", "%%") if parameters else default)
    unknown = set(values) - {field.name for field in model._meta.concrete_fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    return execute(
        f"INSERT INTO {into or table(model)} ({', '.join([*columns(model), *further])})"  # noqa: S608
        f" SELECT {', '.join([*expressions, *further.values()])} FROM {source}"
        f"{' ON CONFLICT ' if conflict else ''}{conflict}",
        parameters,
    )
