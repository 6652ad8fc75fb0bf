"""Work that a person asked for and a worker does: the row is the work, the message only wakes somebody for it."""

from django.db import models


class WorkState(models.TextChoices):
    """Where a piece of work stands."""

    IDLE = "idle", "Не начато"
    QUEUED = "queued", "В очереди"
    RUNNING = "running", "Выполняется"
    DONE = "done", "Выполнено"
    FAILED = "failed", "Не удалось"


class QueuedWork(models.Model):
    """Abstract: a row whose work is done in the background, once, however often a worker is killed on the way."""

    state = models.CharField("состояние", max_length=8, choices=WorkState, default=WorkState.IDLE)
    stage = models.CharField("что делается", max_length=200, blank=True)
    progress = models.PositiveSmallIntegerField("готово, %", default=0)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    failure = models.TextField("почему не удалось", blank=True)
    queued_at = models.DateTimeField("поставлено в очередь", null=True, blank=True)
    started_at = models.DateTimeField("начато", null=True, blank=True)
    finished_at = models.DateTimeField("завершено", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_pending(self) -> bool:
        """It has been asked for and is not done yet."""
        return self.state in (WorkState.QUEUED, WorkState.RUNNING)
