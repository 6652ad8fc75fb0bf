"""What the portal adds to every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

NOT_ALLOWED = 405


class MethodNotAllowedMiddleware:
    """Puts a page with a way back where an address was opened that only takes forms.

    Django answers such a request with nothing at all, and people do come: from the history of the
    browser, from a bookmark, back from signing in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; fill in the page of an empty 405."""
        response = self.get_response(request)
        if response.status_code == NOT_ALLOWED and not response.streaming and not response.content:
            # The page that holds a form stands right above the address the form goes to.
            above = request.path.rstrip("/").rpartition("/")[0] + "/"
            response.content = render_to_string("405.html", {"above": above})
        return response
