"""The bell: what happened, what was read; the digest as a page; how one wants to hear of things."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from obligations.chasing.forms import BY_MAIL, IN_PORTAL, MailPreferenceForm, NoticesReadForm
from obligations.chasing.settings import prefer
from obligations.models import Digest, MailFrequency, MailPreference, Notice
from obligations.notices import in_words
from obligations.views.page import INVALID
from obligations.views.scope import person

PAGE_SIZE = 25


class DayConverter:
    """A calendar day in an address: 2023-10-16."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Read the day; ValueError, and with it 404, for one that does not exist."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Write the day."""
        return value.isoformat()


@require_GET
@never_cache
def notice_list(request: HttpRequest) -> HttpResponse:
    """List the person's notices, newest first; ``?unread=1`` leaves those not looked at."""
    notices = Notice.objects.visible_to(person(request))
    unread_only = request.GET.get("unread") == "1"
    shown = (notices.unread() if unread_only else notices).for_list()
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(notice, in_words(notice)) for notice in page]
    # What comes while the page is being read is not read by the button on it.
    latest = max((notice.pk for notice in page), default=0)
    context = {"page": page, "rows": rows, "unread_only": unread_only, "latest": latest}
    return render(request, "obligations/notices.html", context)


@require_GET
@never_cache
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what the notice is about; looking at it is reading it."""
    notices = Notice.objects.visible_to(person(request)).filter(pk=pk)
    notice = get_object_or_404(notices.select_related("step"))
    notices.mark_read(timezone.now())
    return redirect(notice.target)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read, or all up to the newest the person had before their eyes."""
    form = NoticesReadForm(request.POST)
    notices = Notice.objects.visible_to(person(request))
    if form.is_valid():
        if form.cleaned_data["notice"]:
            notices.filter(pk=form.cleaned_data["notice"]).mark_read(timezone.now())
        elif form.cleaned_data["latest"]:
            notices.filter(pk__lte=form.cleaned_data["latest"]).mark_read(timezone.now())
    return redirect("obligations:notices")


@require_GET
def digest(request: HttpRequest, day: date) -> HttpResponse:
    """Show what the person's digests of the day say, one for each region they serve in."""
    digests = list(Digest.objects.filter(user=person(request), day=day).select_related("region"))
    if not digests:
        raise Http404
    return render(request, "obligations/digest.html", {"day": day, "digests": digests})


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Ask how the person wants to hear of what is no duty."""
    user = person(request)
    chosen = MailPreference.objects.filter(user=user).first() or MailPreference(user=user)
    shown = {"channel": BY_MAIL if chosen.by_mail else IN_PORTAL, "frequency": chosen.frequency}
    form = MailPreferenceForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_valid():
        prefer(
            user=user,
            by_mail=form.cleaned_data["channel"] == BY_MAIL,
            frequency=MailFrequency(form.cleaned_data["frequency"]),
        )
        messages.success(request, "Настройки сохранены.")
        return redirect(reverse("obligations:preferences"))
    return render(request, "obligations/preferences.html", {"form": form}, status=INVALID if form.errors else 200)
