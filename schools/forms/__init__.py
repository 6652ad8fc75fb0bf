"""What people fill in: the list they upload, the filters of the registry, a school's closing."""

from schools.forms.registry import SchoolFilters
from schools.forms.status import StatusForm
from schools.forms.uploads import SeenForm, UploadForm

__all__ = ["SchoolFilters", "SeenForm", "StatusForm", "UploadForm"]
