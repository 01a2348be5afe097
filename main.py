"""The one entry: no argument opens the window; a command runs without one."""

from __future__ import annotations

import logging
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Annotated, cast

import typer

from commands import care, demo, drill, hear, look, office, report
from commands.case import case
from commands.event import event
from commands.register import register
from commands.run import Run, default_folder, log, open_window, whole_path
from commands.source import source
from commands.usage import FASTEST, check_words, explained
from domain.addresses import without_secrets
from domain.errors import StoreError, WenyingError
from domain.private import keep_private, open_private
from domain.times import Clock, parse_moment

app = typer.Typer(add_completion=False, help="闻应：听民声，答关切。不带命令则打开窗口。", no_args_is_help=False)
for module in (hear, look, report, demo, drill, office, care):
    app.add_typer(module.app)
for name, group in (
    ("source", source),
    ("case", case),
    ("event", event),
    ("record", report.record),
    ("ledger", report.ledger),
    ("register", register),
):
    app.add_typer(group, name=name)


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="数据文件夹")] = None,
    database: Annotated[str | None, typer.Option(help="数据库地址，默认是数据文件夹里的 SQLite")] = None,
    now: Annotated[str | None, typer.Option(help="以此为现在（演练、测试用），如 2026-11-23T10:30")] = None,
    speed: Annotated[float, typer.Option(min=0, max=FASTEST, help="配合 --now：时间走的倍数，0 为停住")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出给出机器可读的结果")] = False,
) -> None:
    """Read the global options; open the window when no command follows."""
    folder = whole_path(data or default_folder()).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"不能建立数据文件夹“{folder}”。请检查权限，或用 --data 换一个文件夹。") from error
    keep_private(folder)
    _log_to(folder)
    clock = Clock.starting(parse_moment(now), speed) if now else Clock()
    context.obj = Run(folder, database, clock, as_json)
    if context.invoked_subcommand is None:
        open_window(context.obj)


class _Concealing(logging.Formatter):
    """Lines of the log, tracebacks too, without the passwords of addresses."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _PrivateLog(RotatingFileHandler):
    """A log for its owner alone."""

    def _open(self) -> TextIOWrapper:
        return cast(TextIOWrapper, open_private(Path(self.baseFilename), self.mode))


def _log_to(folder: Path) -> None:
    try:
        handler: logging.Handler = _PrivateLog(
            folder / "wenying.log", maxBytes=2_000_000, backupCount=2, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(_Concealing("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger().handlers[:] = [handler]
    for noisy in ("httpx", "httpcore", "alembic", "matplotlib", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _log_place() -> str:
    handlers = logging.getLogger().handlers
    return getattr(handlers[0], "baseFilename", "（没有写成日志）") if handlers else "（没有写成日志）"


def main() -> int:
    """Run; errors become a Chinese sentence, the details go to the log."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    logging.getLogger().addHandler(logging.NullHandler())
    logging.raiseExceptions = False  # a full disk must not print tracebacks because the log is full too
    try:
        check_words(sys.argv[1:])
        return int(app(standalone_mode=False) or 0)
    except WenyingError as error:
        log.exception("%s", error)
        print(str(error), file=sys.stderr)
        if isinstance(error, StoreError):
            print(f"详情在日志里：{_log_place()}。", file=sys.stderr)
        return 1
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        return 1
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            print(f"用法不对：{explained(error)}", file=sys.stderr)
            return 2
        log.exception("unexpected")
        print(f"出了意料之外的错，没有保存的操作请再做一次。详情在日志里：{_log_place()}。", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
