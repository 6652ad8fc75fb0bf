"""Where a document comes in, whatever is to be made of it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from roadmap.imports.documents import LARGEST_FILE, LONGEST_DOCUMENT, TOO_LARGE, NotADocument, read_document
from roadmap.imports.drafts import Problem


class DocumentForm(forms.Form):
    """A document: pasted, or a file; cleaned, ``text`` is what stands in it, '' where nothing was given."""

    text = forms.CharField(
        label="Текст приложения",
        required=False,
        max_length=LONGEST_DOCUMENT,
        strip=False,
        help_text=(
            "Выделите в документе Word всю таблицу вместе с заголовком, скопируйте и вставьте сюда."
            " Можно вставить и весь приказ: таблицу портал найдёт сам."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    document = forms.FileField(
        label="Или файл",
        required=False,
        help_text=(
            "Документ Word (.docx), таблица (.xlsx, .xls, .ods, .csv) или обычный текст (.txt), до\u00a020\u00a0МБ."
            " Можно загрузить и приказ целиком: таблицу портал найдёт сам."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.xls,.ods,.csv,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the text from where it was given; a file that cannot be read is told as such."""
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("document")
        if upload is None:
            return cleaned
        if upload.size > LARGEST_FILE:
            self.add_error("document", TOO_LARGE)
            return cleaned
        try:
            cleaned["text"] = read_document(upload.read(), upload.name or "")
        except NotADocument as error:
            self.add_error("document", str(error))
        return cleaned

    def refuse_reading(self, problems: Sequence[Problem]) -> None:
        """Tell at the place the document came from why nothing could be read in it."""
        for problem in problems:
            self.add_error("document" if self.cleaned_data.get("document") else "text", str(problem))
