"""Scope, search and filters of the app."""

from schools.querysets.changes import RegistryChangeQuerySet, ReorganizationQuerySet
from schools.querysets.enrolment import EnrolmentQuerySet, ProfileClassQuerySet
from schools.querysets.lists import (
    ColumnMappingQuerySet,
    SchoolImportQuerySet,
    SchoolUploadQuerySet,
    administered_regions,
)
from schools.querysets.registry import SchoolProfileQuerySet, SchoolQuerySet, schools
from schools.querysets.searching import search_words, searchable

__all__ = [
    "ColumnMappingQuerySet",
    "EnrolmentQuerySet",
    "ProfileClassQuerySet",
    "RegistryChangeQuerySet",
    "ReorganizationQuerySet",
    "SchoolImportQuerySet",
    "SchoolProfileQuerySet",
    "SchoolQuerySet",
    "SchoolUploadQuerySet",
    "administered_regions",
    "schools",
    "search_words",
    "searchable",
]
