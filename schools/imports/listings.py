"""The lists that come in by the one door."""

from collections.abc import Mapping

from schools.imports.engine import ListResource
from schools.imports.resource import SchoolResource

RESOURCES: Mapping[str, type[ListResource]] = {resource.kind: resource for resource in (SchoolResource,)}
