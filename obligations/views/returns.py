"""«Причины возвратов»: what schools stumble over, counted for a period."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.academic_years import AcademicYear
from obligations.exports.returns import NOTES, chart, figures
from obligations.forms import PeriodForm
from obligations.returns import count_returns
from obligations.states import ReturnReason
from obligations.views.scope import person


@require_GET
def returns(request: HttpRequest) -> HttpResponse:
    """Show the returns within the person's sight by reason, district and item."""
    user = person(request)
    if not user.active_memberships:
        raise Http404("Serves no organization.")
    region = user.active_memberships[0].organization.region
    today = region.today()
    form = PeriodForm(request.GET, since=AcademicYear.of(today).start, until=today)
    counted = count_returns(user=user, region=region, since=form.since_day, until=form.until_day, now=timezone.now())
    context = {
        "counted": counted,
        "form": form,
        "figures": figures(counted),
        "chart": chart(counted),
        "reasons": ReturnReason.labels,
        "definitions": NOTES,
    }
    return render(request, "obligations/returns.html", context)
