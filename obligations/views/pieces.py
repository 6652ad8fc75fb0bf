"""What the page of an obligation shows of a submission: each part with its versions and the remarks to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from obligations import history as past
from obligations.forms import RemarkForm
from obligations.history import History, Version
from obligations.models import Remark, RemarkField


@dataclass(frozen=True)
class PlacedRemark:
    """A remark and, while the owner may answer it, the form that does."""

    remark: Remark
    form: RemarkForm | None = None


@dataclass(frozen=True)
class Piece:
    """A piece of evidence with its earlier versions and the remarks to any of them."""

    version: Version
    earlier: list[Version] = field(default_factory=list)
    remarks: list[PlacedRemark] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """A submission part by part."""

    pieces: list[Piece]
    whole: list[PlacedRemark]
    note: list[PlacedRemark]
    gone: list[PlacedRemark]
    """Remarks to evidence that was taken back since."""
    form: dict[str, list[PlacedRemark]]
    """Remarks to parts of the form, by the key of the part."""

    @property
    def open_remarks(self) -> list[Remark]:
        """Remarks not marked mended yet."""
        placed = [*self.whole, *self.note, *self.gone, *(one for piece in self.pieces for one in piece.remarks)]
        placed += [one for remarks in self.form.values() for one in remarks]
        return [one.remark for one in placed if not one.remark.is_resolved]


def parts_of(history: History, *, forms: Sequence[RemarkForm] = (), is_answered: bool) -> Parts:
    """Lay the submission out; ``is_answered``: the person may answer remarks, ``forms`` are those sent already."""
    sent = {form.remark.pk: form for form in forms}

    def placed(remarks: Sequence[Remark]) -> list[PlacedRemark]:
        return [
            PlacedRemark(remark, (sent.get(remark.pk) or RemarkForm(remark)) if is_answered else None)
            for remark in remarks
        ]

    return Parts(
        pieces=[
            Piece(
                history.versions[piece.pk],
                [history.versions[one.pk] for one in past.earlier_versions(piece, history.every_evidence)],
                placed(past.remarks_to(piece, history)),
            )
            for piece in history.evidence
        ],
        whole=placed(past.remarks_to_field(RemarkField.WHOLE, history)),
        note=placed(past.remarks_to_field(RemarkField.NOTE, history)),
        gone=placed(past.remarks_to_gone(history)),
        form={key: placed(remarks) for key, remarks in past.remarks_to_parts(history).items()},
    )
