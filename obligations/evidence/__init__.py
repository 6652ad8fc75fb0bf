"""Evidence that people hand in: what kinds of files are taken, and how they are looked at before."""

from obligations.evidence.intake import Accepted, accept_file, accept_files
from obligations.evidence.kinds import ACCEPT_ATTRIBUTE, ALLOWED, EvidenceRefused, content_type_of
from obligations.evidence.links import Link, LinksRefused, read_links

__all__ = [
    "ACCEPT_ATTRIBUTE",
    "ALLOWED",
    "Accepted",
    "EvidenceRefused",
    "Link",
    "LinksRefused",
    "accept_file",
    "accept_files",
    "content_type_of",
    "read_links",
]
