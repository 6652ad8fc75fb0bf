"""What the portal adds to every answer."""

from collections.abc import Callable

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)

NOT_ALLOWED, UNAVAILABLE = 405, 503
# PostgreSQL gave up a wait: could not serialize, deadlock, lock not available.
BUSY_STATES = frozenset({"40001", "40P01", "55P03"})


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


class BusyDatabaseMiddleware:
    """Answers 503 and «повторите» where the database gave up waiting for somebody else's write.

    What was begun is rolled back by then: nothing is half-done, and trying again is all there is to do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a wait that failed into a page; leave every other error alone."""
        if not isinstance(exception, OperationalError) or not is_busy(exception):
            return None
        log.warning("database busy", path=request.path, error=repr(exception))
        return HttpResponse(render_to_string("503.html"), status=UNAVAILABLE, headers={"Retry-After": "30"})


def is_busy(error: OperationalError) -> bool:
    """Tell whether the database gave up waiting for a lock, rather than broke."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in BUSY_STATES or "is locked" in str(error)
