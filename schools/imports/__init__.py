"""Import of school lists: read → rows with their places → checks → plan of changes → apply."""

from schools.imports.importing import import_school_list
from schools.imports.plan import ImportOutcome
from schools.imports.problems import ImportProblem

__all__ = ["ImportOutcome", "ImportProblem", "import_school_list"]
