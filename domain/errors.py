"""The errors a user can meet; each carries a Chinese sentence that says what to do."""

from __future__ import annotations

from datetime import timedelta


class WenyingError(Exception):
    """Base of every error we raise on purpose; `str(error)` is the sentence for the user.

    `field` names what was given wrongly, by the word under which a step takes it, where it is one thing.
    """

    def __init__(self, sentence: str = "", field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class SourceError(WenyingError):
    """A source (信源) cannot be added, read or understood."""


class FetchError(SourceError):
    """An address did not answer as it should; the sentence names the fault.

    `retry_after` is how long the publisher asks us to stay away; `gone` says that it will not come back (410).
    """

    def __init__(self, sentence: str, retry_after: timedelta | None = None, gone: bool = False) -> None:
        super().__init__(sentence)
        self.retry_after, self.gone = retry_after, gone


class ReaderEndedError(SourceError):
    """What was read held, filled or broke the process that read it."""


class StoreError(WenyingError):
    """The database cannot be opened, read or written."""


class NotFoundError(WenyingError):
    """What was asked for is not in the store."""


class StepError(WenyingError):
    """A step of a case (办理步骤) is not allowed from where the case is."""


class ConflictError(WenyingError):
    """Somebody else changed the same case in the meantime; `seen` is the last entry of the record that it tells."""

    def __init__(self, sentence: str, seen: int = 0) -> None:
        super().__init__(sentence)
        self.seen = seen


class InputError(WenyingError):
    """What the user gave (a word, a time, a file) cannot be used."""


class ExportError(WenyingError):
    """A file could not be written."""


class StoppedError(WenyingError):
    """The user stopped what was running; nothing of it was kept."""
