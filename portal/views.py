"""The home page, the health check and the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Show what the person is asked for today."""
    return render(request, "portal/home.html")


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a balancer whether the portal and what it stands on are well."""
    return JsonResponse({"status": "ok"})


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in Russian."""
    return render(request, "400.html", status=400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 in Russian."""
    return render(request, "403.html", status=403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in Russian."""
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500 in Russian; needs neither database nor session."""
    return render(request, "500.html", status=500)
