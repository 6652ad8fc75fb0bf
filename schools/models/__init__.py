"""Schools: levels, what the registry keeps of each by year, its history, lists that were imported."""

from schools.models.changes import PARTED, ChangeSource, RegistryChange, RegistryField
from schools.models.classes import ClassProfile, ProfileClass
from schools.models.enrolment import Enrolment
from schools.models.levels import Level
from schools.models.lists import ImportRevision, ListKind, SchoolImport, SchoolUpload, stored_name
from schools.models.mappings import ColumnMapping
from schools.models.norms import Direction, Norm, NormSet
from schools.models.plans import DoneHours, Plan, PlanAgreement, PlanExplanation, PlanLine
from schools.models.registry import SchoolProfile, SchoolStatusChange, SchoolYear
from schools.models.reorganizations import PartyRole, Reorganization, ReorganizationKind, ReorganizationParty
from schools.models.self_check import (
    EARNED,
    MOST_WEIGHT,
    Choice,
    QuestionKind,
    Said,
    SelfCheck,
    SelfCheckAnswer,
    SelfCheckForm,
    SelfCheckQuestion,
)
from schools.models.work import QueuedWork, WorkState
from schools.planning.grades import FIRST_GRADE, GRADES, LAST_GRADE

__all__ = [
    "EARNED",
    "FIRST_GRADE",
    "GRADES",
    "LAST_GRADE",
    "MOST_WEIGHT",
    "PARTED",
    "ChangeSource",
    "Choice",
    "ClassProfile",
    "ColumnMapping",
    "Direction",
    "DoneHours",
    "Enrolment",
    "ImportRevision",
    "Level",
    "ListKind",
    "Norm",
    "NormSet",
    "PartyRole",
    "Plan",
    "PlanAgreement",
    "PlanExplanation",
    "PlanLine",
    "ProfileClass",
    "QuestionKind",
    "QueuedWork",
    "RegistryChange",
    "RegistryField",
    "Reorganization",
    "ReorganizationKind",
    "ReorganizationParty",
    "Said",
    "SchoolImport",
    "SchoolProfile",
    "SchoolStatusChange",
    "SchoolUpload",
    "SchoolYear",
    "SelfCheck",
    "SelfCheckAnswer",
    "SelfCheckForm",
    "SelfCheckQuestion",
    "WorkState",
    "stored_name",
]
