"""The suite's own running: tests that share a whole system share a worker, so that it is started once."""

import os
import re
import subprocess
import sys
from pathlib import Path

GROUPED = """
import os
import pytest

@pytest.mark.xdist_group("stack")
@pytest.mark.parametrize("number", range(6))
def test_one(number):
    print("ran on", os.environ["PYTEST_XDIST_WORKER"])
"""


def test_a_group_stays_on_one_worker(tmp_path: Path) -> None:
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    run = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-rP", "-p", "no:cacheprovider", "."]
    done = subprocess.run(run, cwd=tmp_path, env=ours, capture_output=True, text=True, check=True)
    workers = re.findall(r"ran on (gw\d)", done.stdout)
    assert len(workers) == 6
    assert len(set(workers)) == 1
