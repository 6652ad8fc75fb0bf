"""«Письма»: what an embedded installation has sent, read from its mail folder."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obligations.mail import addresses_visible_to, read_letter, read_letters
from obligations.views.scope import person

PAGE_SIZE = 25


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """List the letters the person may read, newest first; an installation that mails over SMTP has none."""
    _only_embedded()
    addresses = addresses_visible_to(person(request))
    page = Paginator(read_letters(addresses), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "own_only": addresses is not None and len(addresses) == 1}
    return render(request, "obligations/mail.html", context)


@require_GET
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one letter as text; somebody else's does not exist."""
    _only_embedded()
    content = read_letter(name, addresses_visible_to(person(request)))
    if content is None:
        raise Http404
    return render(request, "obligations/mail_letter.html", {"content": content})


def _only_embedded() -> None:
    """Answer 404 where letters leave the portal for real: there is no folder to show."""
    if not settings.MAIL_IS_EMBEDDED:
        raise Http404
