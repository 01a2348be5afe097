"""What this seat (本机) saw of the record: its heads, kept outside the data, for the account's owner alone.

Whoever rewrites the data does not reach the seats that saw them.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from domain.errors import InputError
from domain.files import whole_file
from domain.record import Head

LARGEST = 1_000_000  # bytes
MOST_HEADS = 100  # of one database: the newest, and the first
VARIABLE = "WENYING_SEAT"  # another place for the file, for tests and for accounts without a home


def place() -> Path:
    """The file, in the folder that the system has for such."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        folder = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return folder / "wenying" / "留痕末条.json"


def seen(address: str) -> list[Head]:
    """The heads of the database at an address that this seat saw, the oldest first; none where they cannot be read."""
    heads, known = [], dict[str, list[object]]()
    with suppress(OSError):
        known = _read()
    for line in known.get(address, []):
        with suppress(InputError):
            heads.append(Head.of(str(line)))
    return heads


def see(address: str, head: Head) -> None:
    """Keep a head that is seen now. Raises OSError, also where the heads of before cannot be read: they are left."""
    known = _read()
    heads = [str(one) for one in known.get(address, [])]
    if str(head) in heads or head.sequence == 0:
        return
    known[address] = [*heads[:1], *heads[1:][2 - MOST_HEADS :], str(head)]
    file = place()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole_file(file, private=True) as partial:
        partial.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")


def _read() -> dict[str, list[object]]:
    """All that is kept, by address; nothing where there is no file or it is damaged. Raises OSError."""
    try:
        if place().stat().st_size > LARGEST:
            return {}
        kept = json.loads(place().read_text("utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return {str(k): v for k, v in kept.items() if isinstance(v, list)} if isinstance(kept, dict) else {}
