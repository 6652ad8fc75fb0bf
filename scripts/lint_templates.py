"""What djade does not look at: the promises our templates make to browsers and to people.

``python -m scripts.lint_templates templates`` names file, line and rule for each line that breaks
the content security policy (inline scripts, handlers, styles; files from elsewhere) or leaves a
form without its token or an image without words. Templates below ``print/`` and ``emails/`` meet no
browser of ours: what is said there of styles does not hold.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Django's own syntax is blanked out first: a `>` within `{% if a > b %}` ends no element.
DJANGO_SYNTAX = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ELEMENT = re.compile(r"<([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.DOTALL)
ATTRIBUTE = re.compile(r"([@:\w-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
LOADING = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "use": "href",
}
OUTSIDE_BROWSER = {"print", "emails"}
ELSEWHERE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
# Stands where Django's syntax stood: of the same length, so that line numbers hold.
FILLER = "\N{BULLET}"


@dataclass(frozen=True, order=True)
class Finding:
    """One line of a template that breaks a rule."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def _blank(match: re.Match[str]) -> str:
    return "".join(character if character == "\n" else FILLER for character in match.group())


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): value.strip("\"'") for name, value in ATTRIBUTE.findall(text)}


def _element_findings(tag: str, attributes: dict[str, str], *, in_browser: bool) -> Iterator[str]:
    for name in attributes:
        if re.fullmatch(r"on[a-z]+", name):
            yield f"inline handler {name}: put it into a file of static/js"
    if in_browser and "style" in attributes:
        yield "style attribute: the content security policy drops it; use a class"
    if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
        yield "inline script: put it into a file of static/js"
    if ELSEWHERE.match(attributes.get(LOADING.get(tag, ""), "")):
        yield f"<{tag}> loads from elsewhere: everything comes from this portal"
    if tag == "img" and "alt" not in attributes:
        yield '<img> without alt (alt="" for a decoration)'
    if tag == "a" and attributes.get("target") == "_blank" and "noopener" not in attributes.get("rel", ""):
        yield "target=_blank without rel=noopener"


def lint(source: str, path: Path) -> list[Finding]:
    """Return what is wrong in one template, in the order of lines."""
    text = HTML_COMMENT.sub(_blank, DJANGO_SYNTAX.sub(_blank, source))
    in_browser = not OUTSIDE_BROWSER & set(path.parts)
    findings = []
    for match in ELEMENT.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        tag, attributes = match.group(1).lower(), _attributes(match.group(2))
        findings += [
            Finding(path, line, message) for message in _element_findings(tag, attributes, in_browser=in_browser)
        ]
        if tag == "form" and attributes.get("method", "").lower() == "post":
            end = text.find("</form", match.end())
            # The token is Django's syntax: look where it was before blanking.
            if "csrf_token" not in source[match.end() : end if end >= 0 else len(source)]:
                findings.append(Finding(path, line, "form method=post without {% csrf_token %}"))
    return sorted(findings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Lint every HTML template below the directories given; return 1 when something was found."""
    directories = [Path(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    paths = sorted(path for directory in directories for path in directory.rglob("*.html"))
    if not paths:
        print(f"no templates below {', '.join(map(str, directories))}", file=sys.stderr)
        return 1
    findings = [finding for path in paths for finding in lint(path.read_text(encoding="utf-8"), path)]
    for finding in findings:
        print(finding)
    print(f"{len(paths)} templates, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
