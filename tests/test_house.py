"""The house rules that a reader of the code may rely on: where SQL is, how long functions are, what is mutable."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
FOLDERS = ("domain", "sources", "analysis", "response", "briefing", "store", "desk", "demo", "commands", "gui")
LONGEST = 60  # lines of a function
LONGEST_FILE = 500  # lines
UNBOUND = {"cache", "functools.cache", "lru_cache(maxsize=None)", "lru_cache(None)"}
CHANGES = {"append", "add", "extend", "update", "setdefault", "pop", "popitem", "clear", "insert", "remove", "discard"}


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((HOUSE / folder).rglob("*.py")):
            yield str(path.relative_to(HOUSE)), ast.parse(path.read_text("utf-8"))


def test_sql_is_in_the_store_only():
    found = []
    for name, tree in modules(*(f for f in FOLDERS if f != "store")):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = []
            found += [f"{name} {one}" for one in names if one.split(".")[0] in ("sqlalchemy", "sqlite3", "alembic")]
            if isinstance(node, ast.Attribute) and node.attr == "exec_driver_sql":
                found.append(f"{name}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize("folder", [*FOLDERS, "benchmarks", "tests"])
def test_functions_are_short_enough_to_be_read_at_once(folder):
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST
    ]
    assert long == []


@pytest.mark.parametrize("folder", [*FOLDERS, "benchmarks", "tests"])
def test_files_are_short_enough_to_be_known(folder):
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in (HOUSE / folder).rglob("*.py")}
    assert lines and [f"{path}: {count}" for path, count in lines.items() if count > LONGEST_FILE] == []


def test_migrations_import_nothing_of_the_house():
    """What they did stays what it was, whatever the code becomes."""
    named = [
        (name, module)
        for name, tree in modules("store/migrations/versions")
        for node in ast.walk(tree)
        for module in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    ]
    assert named and [pair for pair in named if pair[1].split(".")[0] in FOLDERS] == []


def test_caches_have_a_bound():
    unbound = []
    for name, tree in modules(*FOLDERS):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef) or not (node.args.args or node.args.kwonlyargs):
                continue
            if UNBOUND & {ast.unparse(decorator) for decorator in node.decorator_list}:
                unbound.append(f"{name}:{node.lineno} {node.name}")
    assert unbound == []


def test_nothing_at_module_level_is_changed_while_the_program_runs():
    changed = []
    for name, tree in modules(*FOLDERS):
        mutable = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and _is_mutable(node.value)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                changed.append(f"{name}:{node.lineno} global")
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                changed += [f"{name}:{line} {what}" for line, what in _changes(node, mutable)]
    assert changed == []


def _is_mutable(value: ast.expr | None) -> bool:
    made = isinstance(value, ast.Call) and ast.unparse(value.func) in (
        "dict",
        "list",
        "set",
        "defaultdict",
        "Counter",
        "deque",
    )
    return made or isinstance(value, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp)


def _changes(function: ast.AST, names: set[str]) -> Iterator[tuple[int, str]]:
    """Where a function writes into one of those names, unless it has one of its own that is called so."""
    own = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            written = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
            written = node.func.value
        else:
            continue
        if isinstance(written, ast.Name) and written.id in names - own:
            yield node.lineno, written.id


def test_lists_and_sets_that_never_change_are_tuples_and_frozensets():
    loose = [
        f"{name}:{node.lineno}"
        for name, tree in modules(*(f for f in FOLDERS if f != "gui"))
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.List | ast.Set)
        and ast.unparse(node.targets[0]) != "__all__"
    ]
    assert loose == []


def test_every_module_of_ours_that_is_imported_is_there():
    """mypy passes over modules it does not find, since some libraries have no types."""
    missing = []
    for name, tree in modules(*FOLDERS, "benchmarks", "tests"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in FOLDERS:
                path = HOUSE.joinpath(*(node.module or "").split("."))
                if not path.with_suffix(".py").exists() and not path.is_dir():
                    missing.append(f"{name}:{node.lineno} {node.module}")
    assert missing == []


def test_no_qt_is_loaded_by_work_that_runs_on_another_thread():
    """PySide makes its classes when they are first asked for; two threads doing so crashed the process."""
    loaded = [
        f"{name}:{node.lineno}"
        for name, tree in modules("gui")
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.FunctionDef) and inner is not outer  # what is handed to operations
        for node in ast.walk(inner)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("gui", "PySide6")
    ]
    assert loaded == []
