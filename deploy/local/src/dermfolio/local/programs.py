"""Programs that wheels put beside the Python interpreter."""

import shutil
import sysconfig
from pathlib import Path


def program(name: str) -> Path:
    """The program `name` of this virtual environment, else on PATH; raises FileNotFoundError if there is none."""
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"no program '{name}': is the virtual environment complete?")
    return Path(found)
