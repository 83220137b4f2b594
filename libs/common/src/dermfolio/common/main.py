"""The command line of every service: `python -m dermfolio.<service> serve|work|migrate`."""

import sys
from pathlib import Path

import uvloop

from dermfolio.common import logs, tracing
from dermfolio.common.host import Build, hosted
from dermfolio.common.lifetime import until_told
from dermfolio.common.migrate import newest, upgrade
from dermfolio.common.settings import DatabaseSettings, MigrationSettings, load


def run(name: str, settings_cls: type[DatabaseSettings], build: Build, migrations: Path) -> None:
    """Run the role that the first argument names, until SIGTERM or SIGINT."""
    role = sys.argv[1] if len(sys.argv) == 2 else ""
    if role not in {"serve", "work", "migrate"}:
        raise SystemExit(f"usage: python -m dermfolio.{name} serve|work|migrate")
    if role == "migrate":
        migration = load(MigrationSettings)
        logs.configure(f"{name}-{role}", fmt=migration.log_format, level=migration.log_level)
        upgrade(migration, migrations)
        return
    settings = load(settings_cls)
    logs.configure(f"{name}-{role}", fmt=settings.log_format, level=settings.log_level)
    tracing.configure(f"dermfolio-{name}", settings.otlp_endpoint)
    hosting = hosted(name, settings, build, "serve" if role == "serve" else "work", newest(migrations))
    uvloop.run(until_told(hosting))
