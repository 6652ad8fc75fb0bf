"""What a form said when it was handed in."""

from django.db import models

from obligations.models.obligations import ReviewStep


class FormCopy(models.Model):
    """The form of an obligation as it was handed in by one step, part by part (``closing.FormPart``).

    The owner goes on to change the form after a return; what the reviewer saw the last time stays here.
    """

    step = models.OneToOneField(ReviewStep, models.CASCADE, related_name="form_copy", verbose_name="сдача")
    parts = models.JSONField("части формы", default=list)

    class Meta:
        verbose_name = "копия сданной формы"
        verbose_name_plural = "копии сданных форм"

    def __str__(self) -> str:
        return f"Копия формы, {self.step_id}"
