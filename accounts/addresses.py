"""Addresses within the portal: where a person came from."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request: HttpRequest) -> str:
    """Return the address of the portal's page the request was sent from, '' when it came from elsewhere."""
    came_from = request.headers.get("Referer", "")
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}, require_https=secure):
        return came_from
    return ""
