"""Scope, search and filters of the app."""

from schools.querysets.lists import SchoolImportQuerySet, SchoolUploadQuerySet, administered_regions
from schools.querysets.registry import SchoolProfileQuerySet, SchoolQuerySet, schools
from schools.querysets.searching import search_words, searchable

__all__ = [
    "SchoolImportQuerySet",
    "SchoolProfileQuerySet",
    "SchoolQuerySet",
    "SchoolUploadQuerySet",
    "administered_regions",
    "schools",
    "search_words",
    "searchable",
]
