"""What people fill in: lists they upload, a school's card, its closing."""

from schools.forms.cards import ContactsForm, DetailsForm, EnrolmentForm, LevelForm
from schools.forms.classes import BaseClassFormSet, class_formset, known_classes
from schools.forms.columns import ColumnsForm
from schools.forms.status import StatusForm
from schools.forms.uploads import SeenForm, UploadForm

__all__ = [
    "BaseClassFormSet",
    "ColumnsForm",
    "ContactsForm",
    "DetailsForm",
    "EnrolmentForm",
    "LevelForm",
    "SeenForm",
    "StatusForm",
    "UploadForm",
    "class_formset",
    "known_classes",
]
