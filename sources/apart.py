"""The other side of `workers`: a process that reads one thing after another, and ends with whoever began it."""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

import psutil

from domain.errors import WenyingError

# Whether the system itself holds a process to its memory; where it does not, the other side watches.
CAPPED = sys.platform.startswith("linux")
READY, RESULT, FAULT, MEMORY, DEFECT = "ready", "result", "fault", "memory", "defect"
NEEDED = ("sources.feeds", "sources.hotlists", "sources.pages", "sources.tableparts")
GRACE = 5.0  # seconds past its patience after which a process whose parent has not ended it ends itself
GROWN = 128 << 20  # bytes kept from earlier jobs after which a process gives way to a new one


def send(stream: IO[bytes], whole: bytes) -> None:
    """Write one message."""
    stream.write(len(whole).to_bytes(8, "big"))
    stream.write(whole)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read one message. Raises EOFError where the other side has gone."""
    head = stream.read(8)
    size = int.from_bytes(head, "big")
    whole = stream.read(size) if len(head) == 8 else b""
    if len(head) < 8 or len(whole) < size:
        raise EOFError("the other side has gone")
    return whole


def serve(life: int | None) -> None:
    """Do jobs from standard input until it ends. `life`: a pipe to the one who began us, on which nothing is said."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who began us
    if life is not None:
        _end_with(life)
    jobs, answers = _own_pipes()
    try:
        _leave_no_core()
        for name in NEEDED:
            import_module(name)
    except Exception:
        _answer(answers, DEFECT, traceback.format_exc(), True)
        return
    _answer(answers, READY, None, False)
    idle = _size()
    with suppress(EOFError, OSError):
        retired = False
        while not retired:
            kind, value = _do(receive(jobs))
            retired = kind == MEMORY or _size() - idle > GROWN
            _answer(answers, kind, value, retired)
            value = None


def _do(work: bytes) -> tuple[str, Any]:
    """Do one job; what it gave, or how it failed."""
    try:
        function, args, named, patience, megabytes = pickle.loads(work)
        # Ends this process from a thread of C, even where Python is held for ever and the parent has gone.
        faulthandler.dump_traceback_later(patience + GRACE, exit=True, file=sys.stderr)
        _cap(megabytes)
        return RESULT, function(*args, **named)
    except WenyingError as error:
        return FAULT, error
    except MemoryError:
        return MEMORY, None
    except Exception:
        return DEFECT, traceback.format_exc()
    finally:
        _cap(None)
        faulthandler.cancel_dump_traceback_later()


def _answer(stream: IO[bytes], kind: str, value: Any, retired: bool) -> None:
    try:
        whole = pickle.dumps((kind, value, retired), pickle.HIGHEST_PROTOCOL)
    except Exception:  # an answer that cannot be handed on is a defect of the reader
        whole = pickle.dumps((DEFECT, traceback.format_exc(), retired))
    send(stream, whole)


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the other side, kept from whatever a library prints or reads."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return jobs, answers


def _size() -> int:
    """How much memory this process has, in bytes: what is set aside where that is what is limited, else what is used."""
    memory = psutil.Process().memory_info()
    return int(memory.vms if CAPPED else memory.rss)


def _cap(megabytes: int | None) -> None:
    """Hold this process to so much more memory than it has; None lifts it."""
    if CAPPED:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = _size() + (megabytes << 20) if megabytes is not None else hard
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 or most < 0 else min(most, hard), hard))


def _leave_no_core() -> None:
    if CAPPED:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with(pipe: int) -> None:
    """Have the system end this process when the other end of a pipe goes, whatever it is at.

    Nothing may ever be written into that pipe, for the signal comes with what is written too. Where there is no such
    signal, an idle process sees its jobs end, and one at work ends by its own clock.
    """
    import fcntl
    import select

    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)  # SIGIO, which nobody here handles
    gone = select.poll()
    gone.register(pipe, 0)
    if gone.poll(0):
        os._exit(1)
