"""Rooms that remember: a message is there once whatever is killed when, and reads as it was last edited."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.terminal.rooms import BOT, Rooms, RoomsDamaged, RoomsInUse

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


def rooms_at(path: Path | None) -> Rooms:
    return Rooms(path, lambda: NOON)


@pytest.fixture(params=["kept", "scratch"])
def rooms(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rooms]:
    rooms = rooms_at(tmp_path / "rooms.jsonl" if request.param == "kept" else None)
    yield rooms
    rooms.close()


def test_the_same_id_again_is_the_same_message(rooms: Rooms) -> None:
    first = rooms.post("m1", "#mag", BOT, b'"hello"')
    again = rooms.post("m1", "#mag", BOT, b'"something else"')
    assert again == first
    assert [message.body for message in rooms.history("#mag")] == [b'"hello"']


def test_an_edited_message_reads_as_last_edited_and_each_edit_counts_once(rooms: Rooms) -> None:
    rooms.post("m1", "#mag", BOT, b"1")
    rooms.edit("e1", "m1", b"2")
    rooms.edit("e2", "m1", b"3")
    rooms.edit("e1", "m1", b"2")
    (message,) = rooms.history("#mag")
    assert (message.body, message.edited_at) == (b"3", NOON)


def test_a_message_that_is_not_there_cannot_be_edited(rooms: Rooms) -> None:
    with pytest.raises(LookupError):
        rooms.edit("e1", "m1", b"2")


def test_a_room_is_opened_once_for_each_id_and_never_in_anothers_place(rooms: Rooms) -> None:
    first = rooms.open_room("r1", "wg-mwp")
    assert rooms.open_room("r1", "wg-mwp") == first
    assert first.place == "#wg-mwp"
    assert rooms.open_room("r2", "wg-mwp").place == "#wg-mwp-2"
    assert [room.place for room in rooms.rooms] == ["#wg-mwp", "#wg-mwp-2"]


def test_history_is_the_latest_of_one_place_oldest_first(rooms: Rooms) -> None:
    for number in range(5):
        rooms.post(f"m{number}", "#mag", BOT, str(number).encode())
        rooms.post(f"d{number}", "@Bao B.", BOT, b"0")
    assert [message.id for message in rooms.history("#mag", 3)] == ["m2", "m3", "m4"]


def test_somebody_present_sees_what_arrives_and_what_changes(rooms: Rooms) -> None:
    rooms.post("m1", "#mag", BOT, b"1")
    position = rooms.position
    rooms.post("m2", "@Bao B.", BOT, b"2")
    rooms.edit("e1", "m1", b"3")
    assert [(change.message.body, change.edit) for change in rooms.since(position)] == [(b"2", False), (b"3", True)]
    assert rooms.since(rooms.position) == ()


def test_what_changes_often_is_seen_once_and_what_is_new_is_seen_as_new(rooms: Rooms) -> None:
    rooms.post("m1", "#mag", BOT, b"1")
    position = rooms.position
    rooms.edit("e1", "m1", b"2")
    rooms.post("m2", "#mag", BOT, b"0")
    rooms.edit("e2", "m2", b"1")
    rooms.edit("e3", "m1", b"3")
    assert [(change.message.body, change.edit) for change in rooms.since(position)] == [(b"1", False), (b"3", True)]


def filled(path: Path) -> tuple[list[bytes], Rooms]:
    rooms = rooms_at(path)
    rooms.open_room("r1", "mag")
    rooms.post("m1", "#mag", "Élodie G.", '"où ? \\n 你好"'.encode())
    rooms.edit("e1", "m1", b'{"a": [1, 2]}')
    rooms.post("m2", "@Bao B.", BOT, b'"last"')
    rooms.close()
    return path.read_bytes().splitlines(keepends=True), rooms


def test_everything_is_there_again(tmp_path: Path) -> None:
    _, before = filled(tmp_path / "deep" / "er" / "rooms.jsonl")
    after = rooms_at(tmp_path / "deep" / "er" / "rooms.jsonl")
    assert after.rooms == before.rooms
    assert after.since(0) == before.since(0)
    after.close()


def test_a_last_line_torn_at_any_byte_is_dropped_and_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "rooms.jsonl"
    lines, whole = filled(path)
    kept = sum(len(line) for line in lines[:-1])
    for cut in range(kept, kept + len(lines[-1])):
        path.write_bytes(b"".join(lines)[:cut])
        rooms = rooms_at(path)
        assert rooms.history("@Bao B.") == ()
        assert [message.body for message in rooms.history("#mag")] == [b'{"a": [1, 2]}']
        rooms.post("m2", "@Bao B.", BOT, b'"last"')
        rooms.close()
        assert path.read_bytes() == b"".join(lines)
        again = rooms_at(path)
        assert again.since(0) == whole.since(0)
        again.close()


def test_what_a_power_cut_leaves_at_the_end_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "rooms.jsonl"
    lines, _ = filled(path)
    path.write_bytes(b"".join(lines) + b"\0" * 4096 + b"\n\0\0")
    rooms = rooms_at(path)
    assert len(rooms.since(0)) == 2
    rooms.close()
    assert path.read_bytes() == b"".join(lines)


def test_damage_before_the_end_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rooms.jsonl"
    lines, _ = filled(path)
    path.write_bytes(b"".join([lines[0], b"{}\n", *lines[1:]]))
    with pytest.raises(RoomsDamaged, match="line 2"):
        rooms_at(path)


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rooms.jsonl"
    rooms = rooms_at(path)
    rooms.post("m1", "#mag", BOT, b"1")
    kept = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            rooms.post("m2", "#mag", BOT, b"2")
    assert path.read_bytes() == kept
    rooms.post("m2", "#mag", BOT, b"2")
    rooms.close()
    assert path.read_bytes().startswith(kept)
    again = rooms_at(path)
    assert [message.id for message in again.history("#mag")] == ["m1", "m2"]
    again.close()


def test_a_second_process_is_kept_out_until_the_first_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "rooms.jsonl"
    first = rooms_at(path)
    with pytest.raises(RoomsInUse):
        rooms_at(path)
    first.close()
    rooms_at(path).close()


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "rooms.jsonl"
    program = (
        "import sys; from pathlib import Path; from adapters.terminal.rooms import Rooms\n"
        "rooms = Rooms(Path(sys.argv[1]))\n"
        "for number in range(10**6):\n"
        "    rooms.post(f'm{number}', '#mag', 'wgbot', b'1'); print(number, flush=True)\n"
    )
    last = -1
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, cwd=Path.cwd())
        assert child.stdout is not None
        while (number := int(child.stdout.readline())) < last + 20:
            pass
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split(b"\n")[:-1]
        child.stdout.close()
        child.wait()
        last = int(rest[-1]) if rest else number
        rooms = rooms_at(path)
        ids = [change.message.id for change in rooms.since(0)]
        rooms.close()
        assert ids[: last + 1] == [f"m{number}" for number in range(last + 1)]
        assert len(ids) <= last + 2
