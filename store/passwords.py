"""Passwords and tokens of sources: in the system's keyring, or where there is none in a file for its owner alone."""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from domain.addresses import MASK, conceal, reveal, same_site
from domain.errors import InputError, SourceError, StoreError
from domain.files import whole_file
from store.presence import waiting_for

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend as Keyring

log = logging.getLogger(__name__)

T = TypeVar("T")
FILE, LOCK = "信源密码.json", "信源密码.lock"
PATIENCE = 5.0  # seconds for the keyring, which may be asking somebody who is not there
REST = 600.0  # seconds without asking it again, once it has not answered
_LOST = (
    "这个信源的密码取不到（系统钥匙串锁着，或数据是从别的电脑搬来的）。请解锁钥匙串，"
    "或在“信源”页“修改”里把带密码的地址重新填写一次。"
)
_AGAIN = "地址里的密码显示为 ***。换了网站时，请把新地址连同密码完整填写。"


class _NoKeyringError(Exception):
    """There is no keyring that answers."""


class Passwords:
    """What is secret in the addresses of sources, by the masked address. `folder` None: for this process only.

    Not for the window's thread: a keyring may take PATIENCE to answer.
    """

    def __init__(self, folder: Path | None, patience: float = PATIENCE) -> None:
        self._folder, self._patience = folder, patience
        self._known: dict[str, tuple[str, ...]] = {}
        self._silent_until = 0.0
        self._lock = threading.RLock()

    def put_away(self, address: str, instead_of: str = "") -> str:
        """Keep what is secret in an address; the address as the database may hold it.

        What is masked in it is taken from the address it comes `instead_of`, on the same site only. Two with different
        secrets stay apart by a fragment, which is never sent. Raises InputError, StoreError.
        """
        return self.put_away_for_now(address, instead_of)[0]

    def put_away_for_now(self, address: str, instead_of: str = "") -> tuple[str, Callable[[], None]]:
        """The same, and what takes it back: what was kept under that address before is kept again."""
        masked, secrets = conceal(address)
        if not secrets:
            return address, lambda: None
        with self._lock:
            if MASK in secrets:
                before = (self.of(instead_of) or ()) if same_site(masked, instead_of) else ()
                if len(before) != len(secrets):
                    raise InputError(_AGAIN, "url")
                secrets = tuple(old if new == MASK else new for old, new in zip(before, secrets, strict=True))
            plain, number, place = masked.partition("#")[0], 1, masked
            while place != instead_of and self.of(place) not in (None, secrets):
                number += 1
                place = f"{plain}#{number}"
            earlier = self.of(place)
            self._keep(place, secrets)
            return place, lambda: self._keep(place, earlier) if earlier else self.forget(place)

    def reveal(self, address: str) -> str:
        """The address to ask. Raises SourceError where its secrets cannot be had."""
        if MASK not in conceal(address)[1]:
            return address
        try:
            return reveal(address, self.of(address) or ())
        except ValueError as error:
            raise SourceError(_LOST) from error

    def of(self, masked: str) -> tuple[str, ...] | None:
        """The secrets of a masked address."""
        with self._lock:
            if self._folder is None:
                return self._known.get(masked)
            kept = self._in_file().get(masked)
            if kept is None:
                with suppress(_NoKeyringError):
                    from_ring = self._ask(lambda ring: ring.get_password(self._service, _name(masked)))
                    kept = json.loads(from_ring) if from_ring else None
            return tuple(str(secret) for secret in kept) if kept else None

    def forget(self, masked: str) -> None:
        """Keep the secrets of an address no longer."""
        if not conceal(masked)[1]:
            return
        with self._lock:
            self._known.pop(masked, None)
            if self._folder is None or self.of(masked) is None:
                return
            self._write(masked, None)
            with suppress(_NoKeyringError):
                self._ask(lambda ring: _delete(ring, self._service, _name(masked)))

    def _keep(self, masked: str, secrets: tuple[str, ...]) -> None:
        if self._folder is None:
            self._known[masked] = secrets
            return
        if self.of(masked) == secrets:
            return
        try:
            said = json.dumps(secrets, ensure_ascii=False)
            self._ask(lambda ring: ring.set_password(self._service, _name(masked), said))
        except _NoKeyringError:
            self._write(masked, secrets)
        else:
            self._write(masked, None)  # which would be found first

    @property
    def _service(self) -> str:
        return f"Wenying {self._folder}"

    def _ask(self, work: Callable[[Keyring], T]) -> T:
        """Ask the system's keyring. Raises _NoKeyringError where there is none, or none that answers."""
        if time.monotonic() < self._silent_until:
            raise _NoKeyringError
        answers: queue.Queue[tuple[T | None, Exception | None]] = queue.Queue(1)

        def ask() -> None:
            try:
                answers.put((work(_keyring()), None))
            except Exception as error:  # each system's keyring has errors of its own
                answers.put((None, error))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer, error = answers.get(timeout=self._patience)
        except queue.Empty:
            error, answer = TimeoutError(), None
        if error is not None:
            from keyring.errors import PasswordSetError

            # One secret that it does not take says nothing of the others; one that is locked would ask for each of them.
            if not isinstance(error, PasswordSetError):
                self._silent_until = time.monotonic() + REST
            if not isinstance(error, _NoKeyringError):
                log.warning("the keyring cannot be used: %s", type(error).__name__)
            raise _NoKeyringError from error
        return answer  # type: ignore[return-value]

    def _in_file(self) -> dict[str, list[str]]:
        """What the file holds. Raises StoreError for one that cannot be read."""
        if self._folder is None:
            return {}
        try:
            stored = json.loads((self._folder / FILE).read_text("utf-8"))
            return {str(key): [str(part) for part in value] for key, value in stored.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise StoreError(f"数据文件夹里的“{FILE}”读不出来。请检查权限，或移走它后重新填写各信源的密码。") from error

    def _write(self, masked: str, secrets: tuple[str, ...] | None) -> None:
        """Put secrets into the file, or take them out. Raises StoreError."""
        if self._folder is None or (secrets is None and masked not in self._in_file()):
            return
        try:
            with waiting_for(self._folder / LOCK, "信源密码正由别的程序改动，没有保存。请再试一次。"):
                kept = {key: value for key, value in self._in_file().items() if key != masked}
                if secrets is not None:
                    kept[masked] = list(secrets)
                with whole_file(self._folder / FILE, private=True) as partial:
                    partial.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
        except OSError as error:
            raise StoreError(f"写不了数据文件夹里的“{FILE}”，密码没有保存。请检查权限和磁盘。") from error


def _keyring() -> Keyring:
    """The system's keyring. Raises _NoKeyringError where none is fit for secrets."""
    import keyring

    ring = keyring.get_keyring()
    if ring.priority < 1:  # the library's stand-ins, which keep nothing or say so
        raise _NoKeyringError
    return ring


def _delete(ring: Keyring, service: str, name: str) -> None:
    from keyring.errors import PasswordDeleteError

    with suppress(PasswordDeleteError):  # it is not there
        ring.delete_password(service, name)


def _name(masked: str) -> str:
    """An address as a name in a keyring, some of which take no long ones."""
    return masked if len(masked) <= 200 else f"{masked[:150]} {hashlib.sha256(masked.encode()).hexdigest()[:32]}"
