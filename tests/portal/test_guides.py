"""The guides of docs/guides: their links lead somewhere, and what they name is there under that name."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.roles import Role
from portal.templatetags.navigation import ENTRIES, HOME

ROOT = Path(settings.BASE_DIR)
GUIDES = ROOT / "docs" / "guides"
ROLES = {
    "ministry.md": Role.MINISTRY,
    "coordinator.md": Role.COORDINATOR,
    "school.md": Role.DEPUTY,
    "administrator.md": Role.ADMINISTRATOR,
}
LINK = re.compile(r"\]\(([^)\s]+)\)")
LABEL = re.compile(r"\*\*«(.+?)»\*\*")
ROOMS = ("accounts", "exports", "obligations", "portal", "reporting", "roadmap", "schools", "sheets")
LONGEST = 150
"""A guide is read to the end only while it is short."""


def plain(text: str) -> str:
    """Write a text or a template's source with plain spaces."""
    return text.replace("&nbsp;", " ").replace("\\u00a0", " ").replace("\u00a0", " ")


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def screens() -> str:
    """Return everything a screen may say: the templates, whole and without their tags, and the labels in the code."""
    drawn = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    kept = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.parent.name != "migrations"]
    coded = "\n".join(path.read_text(encoding="utf-8") for path in kept)
    return plain("\n".join([drawn, re.sub(r"{%.*?%}", "", drawn), coded]))


def test_every_role_that_works_here_has_a_short_guide() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in GUIDES.glob("*.md")}
    assert set(pages) == {"README.md", *ROLES}
    assert [name for name, page in pages.items() if page.count("\n") > LONGEST] == []
    assert [name for name in ROLES if f"]({name})" not in pages["README.md"]] == []


def test_every_link_of_a_guide_leads_somewhere() -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in GUIDES.glob("*.md")}
    broken = []
    for path, page in pages.items():
        for link in LINK.findall(page):
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.is_file() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
                broken.append(f"{path.name}: {link}")
    assert broken == []


@pytest.mark.parametrize("name", ROLES)
def test_the_first_section_names_entries_of_the_role(name: str) -> None:
    menu = {HOME.label, *(entry.label for entry in ENTRIES if ROLES[name] in entry.roles)}
    first = (GUIDES / name).read_text(encoding="utf-8").split("\n## ")[1]
    told = set(LABEL.findall(first))
    assert told, "the first section leads through the menu"
    assert told - menu == set()


def test_every_label_a_guide_names_is_on_some_screen() -> None:
    shown = screens()
    missing = [
        f"{path.name}: {label}"
        for path in sorted(GUIDES.glob("*.md"))
        for label in map(plain, LABEL.findall(path.read_text(encoding="utf-8")))
        if not re.search(rf"{re.escape(label)}(?!\w)", shown)
    ]
    assert missing == []
