"""The queue in a folder that ``make run`` uses in place of Redis: a message is there whole or not at all."""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Messages as files; kombu's own opens one first and fills it then, and a worker that takes it empty ends."""

    # The second name is the one of kombu's own channel over files; its abstract one calls it otherwise.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        """Write the message beside the queue under a name no worker looks for, then rename it at a stroke."""
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        written = folder / f"{name}.part"
        try:
            written.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            written.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add a message to {folder}") from error


class Transport(filesystem.Transport):
    """Kombu's transport over files with our channel."""

    Channel = Channel


def register() -> None:
    """Make ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
