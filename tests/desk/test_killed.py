"""kill -9 loses nothing that was acknowledged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent.parent / "benchmarks" / "killed.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the night is forked")
def test_night_killed_at_random_moments_loses_no_acknowledged_step():
    done = subprocess.run([sys.executable, SCRIPT, "--kills", "4"], capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["lost"] == [] and told["records_that_do_not_verify"] == 0
    assert told["acknowledged_steps"] > 0
