"""One database and one role for each service, closed to all the others."""

import re

from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.servers.server import ServerError


def ensure_database(postgres: Postgres, name: str, password: str) -> None:
    """Make role and database `name` (an SQL identifier without quotes) if missing, and set the role's password.

    The role owns its database and can connect to no other. Raises ServerError with PostgreSQL's message.
    """
    _check(name)
    literal = password.replace("'", "''")
    postgres.execute(
        f"""
        select 'create role {name} login' where not exists (select from pg_roles where rolname = '{name}') \\gexec
        alter role {name} login password '{literal}';
        select 'create database {name} owner {name}'
            where not exists (select from pg_database where datname = '{name}') \\gexec
        revoke all on database {name} from public;
        revoke connect on database postgres, template1 from public;
        """  # noqa: S608 (both are checked or quoted)
    )


def schema_of(postgres: Postgres, name: str) -> str | None:
    """The revision that Alembic brought database `name` to; None if it never did."""
    _check(name)
    try:
        return postgres.execute("select version_num from alembic_version", database=name)
    except ServerError as error:
        if "does not exist" in str(error):
            return None
        raise


def drop_database(postgres: Postgres, name: str) -> None:
    """Remove database and role `name`, whoever is connected."""
    _check(name)
    postgres.execute(f"drop database if exists {name} with (force);\ndrop role if exists {name};")


def _check(name: str) -> None:
    if re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) is None:
        raise ValueError(f"not a plain name for a database: {name!r}")
