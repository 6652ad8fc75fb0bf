"""The queue in a folder: no worker may take a message that is not yet written."""

from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection

from portal import broker


def test_a_worker_never_takes_half_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(tmp_path / "queue"))
    (tmp_path / "queue").mkdir()
    with Connection(
        "filesystem://", transport_options={**folders, "control_folder": str(tmp_path / "control")}
    ) as connection:
        channel: Any = connection.channel()
        assert isinstance(channel, broker.Channel)
        looks = []

        def dumps_while_a_worker_looks(payload: dict[str, str]) -> str:
            with pytest.raises(Empty):
                channel._get("portal")
            looks.append(payload)
            return '{"task": "chase"}'

        def replace_while_a_worker_looks(self: Path, target: Path) -> Path:
            with pytest.raises(Empty):
                channel._get("portal")
            looks.append({"written": self.read_text(encoding="utf-8")})
            self.rename(target)
            return target

        monkeypatch.setattr(broker, "dumps", dumps_while_a_worker_looks)
        monkeypatch.setattr(Path, "replace", replace_while_a_worker_looks)
        channel._put("portal", {"task": "chase"})
        assert len(looks) == 2
        assert channel._get("portal") == {"task": "chase"}
        with pytest.raises(Empty):
            channel._get("portal")
