"""The home page, the health check and the error pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from accounts.addresses import page_before
from accounts.models import User
from accounts.russian import file_size
from portal import health
from portal.home import compose


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the person is asked for today, and what to begin with."""
    user = request.user
    if not isinstance(user, User) or not user.active_memberships:
        return render(request, "portal/nobody.html")
    region = user.working_memberships[0].organization.region
    return render(request, "portal/home.html", {"home": compose(user, region=region, today=region.today())})


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a balancer whether the portal and what it stands on are well: 200, or 503 and which part is not."""
    parts = health.examine()
    well = all(parts.values())
    checks = {name: "ok" if is_well else "failed" for name, is_well in parts.items()}
    return JsonResponse({"status": "ok" if well else "failed", "checks": checks}, status=200 if well else 503)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in Russian, 413 for a form with too much text; the request may be too odd to ask who sent it."""
    if isinstance(exception, RequestDataTooBig):
        limit = file_size(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return HttpResponse(render_to_string("413.html", {"limit": limit}), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


@login_not_required
@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 in Russian."""
    return render(request, "403.html", status=403)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: mostly an old page, or cookies switched off."""
    return render(request, "403_csrf.html", {"again": page_before(request) or "/"}, status=403)


@login_not_required
@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in Russian."""
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500 in Russian; needs neither database nor session."""
    return HttpResponse(render_to_string("500.html"), status=500)
