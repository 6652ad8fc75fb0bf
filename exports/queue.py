"""The message that wakes a worker for a file. The row in the database is the work; a lost message costs only time."""

from uuid import UUID

from accounts import queue

BUILD_TASK = "exports.tasks.build_export"


def send(export_id: UUID) -> bool:
    """Send the message for one export; tell whether the broker took it. Never raises for a broker that is down."""
    return queue.send(BUILD_TASK, str(export_id))
