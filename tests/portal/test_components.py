"""The building blocks of docs/ui.md, drawn alone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from obligations.models import Obligation

BADGE = '{% include "_components/state_badge.html" with obligation=obligation today=today only %}'
DUE = '{% include "_components/due.html" with obligation=obligation today=today only %}'


def draw(source: str, **context: Any) -> str:
    """Render a template of one line."""
    made = RequestContext(context.pop("request"), context) if "request" in context else Context(context)
    return Template("{% load ui russian %}" + source).render(made).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("state", "days", "labels"),
    [
        ("open", 4, ["К исполнению"]),
        ("open", 0, ["К исполнению"]),
        ("open", -1, ["Просрочено"]),
        ("returned", -1, ["Просрочено", "На доработке"]),
        ("submitted", -1, ["На проверке"]),
        ("accepted", -9, ["Принято"]),
        ("declared_nil", 1, ["Нечего отчитаться"]),
        ("cancelled", -1, ["Снято"]),
    ],
)
def test_a_state_is_said_in_words_beside_its_colour(
    obligation: Obligation, today: date, state: str, days: int, labels: list[str]
) -> None:
    obligation.state, obligation.due_on = state, today + timedelta(days=days)
    html = draw(BADGE, obligation=obligation, today=today)
    assert html.count('class="state ') == html.count("<svg") == len(labels)
    assert all(f"{label}</span>" in html for label in labels)


def test_a_due_date_counts_down_while_the_owner_has_the_move(obligation: Obligation, today: date) -> None:
    html = draw(DUE, obligation=obligation, today=today)
    assert "20 октября 2023 г." in html
    assert "через 4 дня" in html
    assert 'datetime="2023-10-20"' in html


def test_lateness_is_judged_by_the_first_submission_on_the_regions_clocks(obligation: Obligation, today: date) -> None:
    obligation.state = "submitted"
    # 23:30 of the due day in Moscow, and half an hour into the next.
    obligation.first_submitted_at = datetime.fromisoformat("2023-10-20T20:30:00+00:00")
    assert "опозданием" not in draw(DUE, obligation=obligation, today=today)
    obligation.first_submitted_at = datetime.fromisoformat("2023-10-20T21:30:00+00:00")
    assert "сдано с опозданием" in draw(DUE, obligation=obligation, today=today)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Название", help_text="Как в приказе")
    kind = forms.ChoiceField(label="Вид", choices=[("a", "Первый"), ("b", "Второй")], widget=forms.RadioSelect)
    year = forms.ChoiceField(label="Год", choices=[("2023", "2023")])
    agreed = forms.BooleanField(label="Согласовано")
    note = forms.CharField(label="Примечание", required=False)


def test_a_form_ties_labels_help_and_errors_to_their_fields(db: None) -> None:
    html = draw("{{ form }}", form=SampleForm({"year": "1900"}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert html.count('class="error-summary"') == 1
    for target in ("id_title", "id_kind_group", "id_year", "id_agreed"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
    assert 'class="form-select is-invalid"' in html
    assert html.count("(необязательно)") == 1


def test_an_untouched_form_shows_no_errors() -> None:
    html = draw("{{ form }}", form=SampleForm())
    assert "error" not in html
    assert 'class="form-control"' in html


def test_pages_keep_the_filters_of_the_address(db: None, rf: RequestFactory) -> None:
    page = Paginator(range(200), 10).page(10)
    html = draw('{% include "_components/pagination.html" %}', page=page, request=rf.get("/?state=open&page=10"))
    assert 'href="?state=open&amp;page=11"' in html
    assert html.count("…") == 2
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_pages(db: None, rf: RequestFactory) -> None:
    html = draw('{% include "_components/pagination.html" %}', page=Paginator([1], 10).page(1), request=rf.get("/"))
    assert html.strip() == ""


def test_progress_is_a_native_bar_with_its_words() -> None:
    html = draw('{% include "_components/progress.html" with value=2 max=3 label="Принято" only %}')
    assert 'max="3" value="2" aria-label="Принято"' in html
    assert "66,7 %" in html


def test_progress_of_nothing_is_a_dash() -> None:
    assert "—" in draw('{% include "_components/progress.html" with value=0 max=0 label="Принято" only %}')


def test_a_breadcrumb_ends_where_one_is() -> None:
    html = draw('{% breadcrumb "Карты" "/roadmaps/" "Приказ" %}')
    assert '<a href="/roadmaps/">Карты</a>' in html
    assert '<li aria-current="page">Приказ</li>' in html


def test_what_stands_in_a_panel_or_a_table_is_escaped() -> None:
    html = draw(
        "{% panel name tone='info' %}<p>{{ name }}</p>{% endpanel %}{% datatable name %}<tr></tr>{% enddatatable %}",
        name="<b>x</b>",
    )
    assert "<b>" not in html
    assert "panel-info" in html


def test_a_file_says_its_size_and_a_link_that_it_leads_away() -> None:
    html = draw('{% include "_components/file_item.html" with title="Приказ.pdf" href="/f" size=2048 only %}')
    assert "2 КБ" in html
    away = draw(
        '{% include "_components/file_item.html" with title="Сайт" href="https://x.example" is_link=True only %}'
    )
    assert 'rel="noopener noreferrer external"' in away
    assert "откроется в новой вкладке" in away
