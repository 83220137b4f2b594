"""The pytest plugin itself."""

import subprocess
import sys


def test_loading_the_plugin_imports_nothing_of_the_servers():
    heavy = ("minio", "nats", "pydantic", "sqlalchemy")
    code = f"import sys, dermfolio.local.testing; print([m for m in sys.modules if m.startswith({heavy})])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
