"""PDF: the document on A4 landscape pages by WeasyPrint, from a template that reaches for nothing outside."""

from typing import Any

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from exports.documents import Document
from exports.moments import moment_label


def write_pdf(document: Document) -> bytes:
    """Lay the document out as PDF; tables that belong only in a workbook are left out."""
    context: dict[str, Any] = {
        "document": document,
        "tables": [table for table in document.tables if not table.sheet_only],
        "cut_off": moment_label(document.cut_off),
    }
    return to_pdf(render_to_string("exports/print/document.html", context))


def to_pdf(html: str) -> bytes:
    """Print a page of ours; fonts are embedded, nothing is fetched but what the page carries itself.

    A report may hold anything people typed: whatever address it smuggled in would not be followed.
    """
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    fonts = FontConfiguration()
    style = CSS(string=render_to_string("exports/print/document.css"), font_config=fonts, url_fetcher=fetcher)
    page = HTML(string=html, url_fetcher=fetcher)
    pdf: bytes = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_tags=True)
    return pdf
