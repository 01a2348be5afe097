"""The errors a user can meet; each carries a Chinese sentence that says what to do."""

from __future__ import annotations

from datetime import timedelta


class WenyingError(Exception):
    """Base of every error we raise on purpose; `str(error)` is the sentence for the user."""


class SourceError(WenyingError):
    """A source (信源) cannot be added, read or understood."""


class FetchError(SourceError):
    """An address did not answer as it should; the sentence names the fault.

    `retry_after` is how long the publisher asks us to stay away; `gone` says that it will not come back (410).
    """

    def __init__(self, sentence: str, retry_after: timedelta | None = None, gone: bool = False) -> None:
        super().__init__(sentence)
        self.retry_after, self.gone = retry_after, gone


class StoreError(WenyingError):
    """The database cannot be opened, read or written."""


class NotFoundError(WenyingError):
    """What was asked for is not in the store."""


class StepError(WenyingError):
    """A step of a case (办理步骤) is not allowed from where the case is."""


class ConflictError(WenyingError):
    """Somebody else changed the same case in the meantime."""


class InputError(WenyingError):
    """What the user gave (a word, a time, a file) cannot be used."""


class ExportError(WenyingError):
    """A file could not be written."""


class StoppedError(WenyingError):
    """The user stopped what was running; nothing of it was kept."""
