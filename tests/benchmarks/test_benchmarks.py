"""Every benchmark starts, runs to its end in its tiny form and prints what it found as one JSON object."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent.parent / "benchmarks"
# What benchmarks share; everything else there is one.
PARTS = {
    "atwindow",
    "casework",
    "city",
    "corpus",
    "hands",
    "hostile",
    "hostile_files",
    "madeup",
    "publisher",
    "scores",
    "shift",
    "soundness",
    "steadiness",
    "tiny",
}
BENCHMARKS = sorted(path for path in FOLDER.rglob("*.py") if path.stem not in PARTS)
POSIX_ONLY = {"beside", "killed", "throughput"}  # they fork or send signals


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.relative_to(FOLDER).with_suffix("").as_posix())
def test_benchmark_runs_in_its_tiny_form(path, tmp_path):
    if path.stem in POSIX_ONLY and os.name == "nt":
        pytest.skip("needs POSIX")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(path), "--tiny"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=900)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict) and found
    assert "failed" not in found or not found["failed"], found


def test_readme_names_every_benchmark():
    readme = (FOLDER.parent / "README.md").read_text("utf-8")
    assert [path.stem for path in BENCHMARKS if path.parent == FOLDER and f"`{path.stem}" not in readme] == []
