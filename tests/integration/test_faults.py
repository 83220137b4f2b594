"""Named points: where they are, and that nothing happens at them but in a test."""

import ast
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dermfolio.common.faults import POINTS
from dermfolio.local.places import checkout

from .test_comparing_killed import KILLED_WHILE_COMPARING
from .test_moving_killed import KILLED_WHILE_MOVING
from .test_points import IN_PROCESS, KILLED_AT
from .test_rotating_killed import KILLED_WHILE_ROTATING

COMES_BY = "from dermfolio.common import faults; faults.point('job.done'); print('went on')"


def test_each_point_is_in_the_code_once_and_nothing_else_is_a_point() -> None:
    found: Counter[str] = Counter()
    for source in checkout().glob("*/**/src/dermfolio/**/*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "faults.point":
                found[ast.literal_eval(node.args[0])] += 1
    assert found == Counter(dict.fromkeys(POINTS, 1))


def test_a_process_is_killed_at_each_point_by_some_test() -> None:
    killed = (*KILLED_AT, *KILLED_WHILE_COMPARING, *KILLED_WHILE_MOVING, *KILLED_WHILE_ROTATING)
    assert {point for _, point in killed} | IN_PROCESS == set(POINTS)


@pytest.mark.parametrize(("number", "text"), [(signal.SIGKILL, ""), (signal.SIGTERM, "SIGTERM\n")])
def test_a_fault_happens_once(tmp_path: Path, number: signal.Signals, text: str) -> None:
    fault = tmp_path / "job.done"
    fault.write_text(text)
    assert _comes_by("evaluation", tmp_path).returncode == -number
    assert not fault.exists()
    assert _comes_by("evaluation", tmp_path).stdout == "went on\n"


@pytest.mark.parametrize("profile", ["production", None])
def test_outside_the_evaluation_profile_nothing_happens(tmp_path: Path, profile: str | None) -> None:
    (tmp_path / "job.done").touch()
    assert _comes_by(profile, tmp_path).stdout == "went on\n"


def _comes_by(profile: str | None, directory: Path) -> "subprocess.CompletedProcess[str]":
    told = {"DERMFOLIO_FAULTS": str(directory)} | ({} if profile is None else {"DERMFOLIO_PROFILE": profile})
    return subprocess.run([sys.executable, "-c", COMES_BY], env=told, capture_output=True, text=True, check=False)
