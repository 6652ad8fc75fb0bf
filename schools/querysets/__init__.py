"""Scope, search and filters of the app."""

from schools.querysets.changes import RegistryChangeQuerySet, ReorganizationQuerySet
from schools.querysets.enrolment import EnrolmentQuerySet, ProfileClassQuerySet
from schools.querysets.lists import (
    ColumnMappingQuerySet,
    SchoolImportQuerySet,
    SchoolUploadQuerySet,
    administered_regions,
)
from schools.querysets.norms import NormSetQuerySet, level_norms
from schools.querysets.plans import DoneHoursQuerySet, PlanQuerySet
from schools.querysets.registry import SchoolProfileQuerySet, SchoolQuerySet, schools
from schools.querysets.searching import asked_words, phone_digits, search_words, searchable
from schools.querysets.self_check import SelfCheckFormQuerySet, SelfCheckQuerySet, SelfCheckQuestionQuerySet

__all__ = [
    "ColumnMappingQuerySet",
    "DoneHoursQuerySet",
    "EnrolmentQuerySet",
    "NormSetQuerySet",
    "PlanQuerySet",
    "ProfileClassQuerySet",
    "RegistryChangeQuerySet",
    "ReorganizationQuerySet",
    "SchoolImportQuerySet",
    "SchoolProfileQuerySet",
    "SchoolQuerySet",
    "SchoolUploadQuerySet",
    "SelfCheckFormQuerySet",
    "SelfCheckQuerySet",
    "SelfCheckQuestionQuerySet",
    "administered_regions",
    "asked_words",
    "level_norms",
    "phone_digits",
    "schools",
    "search_words",
    "searchable",
]
