"""Building blocks of pages: ``{% load ui %}``. Each is described in docs/ui.md."""

from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# The class that Bootstrap wants on the control itself; everything else is a text-like input.
WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, "choices"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of ``_components/icons.html``; without ``label`` it is decoration, hidden from readers."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="#icon-{}"></use></svg>', label, name
        )
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-{}"></use></svg>', name)


@register.inclusion_tag("_components/breadcrumb.html")
def breadcrumb(*trail: str) -> dict[str, Any]:
    """Draw the way here: label, url, label, url, …, and the label of this page last."""
    *steps, current = trail
    return {"steps": list(zip(steps[::2], steps[1::2], strict=True)), "current": current}


@register.simple_block_tag
def panel(content: str, title: str = "", tone: str = "plain") -> SafeString:
    """Frame a part of a page under its own heading; tone: plain, info, warning, danger or success."""
    return mark_safe(render_to_string("_components/panel.html", {"content": content, "title": title, "tone": tone}))


@register.simple_block_tag
def datatable(content: str, caption: str, classes: str = "") -> SafeString:
    """Wrap ``<thead>`` and ``<tbody>`` into a table that turns into cards on a phone.

    Each ``<td>`` says its column in ``data-label``; ``caption`` names the table for readers.
    """
    return mark_safe(
        render_to_string("_components/datatable.html", {"content": content, "caption": caption, "classes": classes})
    )


@register.filter
def elided(page: "Page[Any]") -> list[int | str]:
    """Return the page numbers worth showing: the ends and the neighbours, «…» between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.inclusion_tag("_components/sortable.html", takes_context=True)
def sortable(context: template.Context, label: str, *orders: str, css: str = "") -> dict[str, Any]:
    """Draw the head of a column that sorts the table on the server.

    ``orders`` are the values of ``sort`` in the address that this column stands for: the first click gives the
    first, the next one the second, if there are two. A leading minus is a descending order.
    """
    request = context["request"]
    current = request.GET.get("sort", "")
    is_current = current in orders
    step = orders[(orders.index(current) + 1) % len(orders)] if is_current else orders[0]
    query = request.GET.copy()
    for name in ("page", "sort"):
        query.pop(name, None)
    if step:
        query["sort"] = step
    return {
        "label": label,
        "address": f"?{query.urlencode()}",
        "order": ("descending" if current.startswith("-") else "ascending") if is_current else "",
        "css": css,
    }


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw a form field's control with the class its kind needs."""
    widget = field.field.widget
    css = next((name for kind, name in WIDGET_CLASSES if isinstance(widget, kind)), "form-control")
    if field.errors:
        css += " is-invalid"
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{own} {css}".strip()})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell a lone tick box, whose label stands to its right."""
    return isinstance(field.field.widget, forms.CheckboxInput)
