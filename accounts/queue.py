"""Messages that wake a worker. The row in the database is the work; a lost message costs only time."""

import structlog
from celery import current_app
from kombu.exceptions import KombuError

logger = structlog.get_logger(__name__)

# A person waits for the page, and the sweep sends again in any case: one more try at once, then no more.
IMPATIENT = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "connect_retries_timeout": 1}


def send(task: str, *args: object) -> bool:
    """Send one message; tell whether the broker took it. Never raises for a broker that is down."""
    try:
        with current_app.connection_for_write(transport_options=IMPATIENT) as connection:
            current_app.send_task(task, args=list(args), connection=connection, retry=False)
    except (KombuError, OSError) as error:
        logger.warning("message_not_sent", task=task, error=repr(error))
        return False
    return True
