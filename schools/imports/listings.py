"""The lists that come in by the one door."""

from collections.abc import Mapping

from schools.imports.coordinators import CoordinatorResource
from schools.imports.engine import ListResource
from schools.imports.enrolment import EnrolmentResource
from schools.imports.organizations import InstitutionResource, MunicipalityResource
from schools.imports.resource import SchoolResource

RESOURCES: Mapping[str, type[ListResource]] = {
    resource.listing: resource
    for resource in (
        SchoolResource,
        MunicipalityResource,
        InstitutionResource,
        CoordinatorResource,
        EnrolmentResource,
    )
}
