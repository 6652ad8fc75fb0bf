"""The message that wakes a worker. The row in the database is the work; a lost message costs only time."""

from uuid import UUID

import structlog
from celery import current_app
from kombu.exceptions import KombuError

logger = structlog.get_logger(__name__)

BUILD_TASK = "exports.tasks.build_export"


def send(export_id: UUID) -> bool:
    """Send the message for one export; tell whether the broker took it. Never raises for a broker that is down."""
    try:
        # Without retries: a person waits for the page, and the sweep sends again in any case.
        current_app.send_task(BUILD_TASK, args=[str(export_id)], retry=False)
    except (KombuError, OSError) as error:
        logger.warning("export_not_sent", export=str(export_id), error=repr(error))
        return False
    return True
