"""One database and one role for each service, closed to all the others."""

import re

from dermfolio.local.servers.postgres import Postgres
from dermfolio.local.servers.server import ServerError


def owner_of(name: str) -> str:
    """The role that owns database `name` where the service's own role does not."""
    return f"{name}_owner"


def ensure_database(postgres: Postgres, name: str, password: str, *, owner_password: str | None = None) -> None:
    """Make role and database `name` (an SQL identifier without quotes) if missing, and set the role's password.

    The role owns its database and can connect to no other. With an `owner_password` another role owns the database and
    everything in it, also what the first one made before; the service's role may only connect, and do what a migration
    grants it. Raises ServerError with PostgreSQL's message.
    """
    _check(name)
    owner = name if owner_password is None else owner_of(name)
    passwords = {name: password} if owner_password is None else {name: password, owner: owner_password}
    roles = "".join(_role(role, secret) for role, secret in passwords.items())
    postgres.execute(
        f"""
        {roles}
        select 'create database {name} owner {owner}'
            where not exists (select from pg_database where datname = '{name}') \\gexec
        """  # noqa: S608 (both are checked or quoted)
    )
    if owner != name:
        postgres.execute(f"reassign owned by {name} to {owner}", database=name)  # and with it what it was granted
    postgres.execute(
        f"""
        revoke all on database {name} from public;
        grant connect on database {name} to {name};
        revoke connect on database postgres, template1 from public;
        """
    )


def _role(name: str, password: str) -> str:
    literal = password.replace("'", "''")
    return f"""
        select 'create role {name} login' where not exists (select from pg_roles where rolname = '{name}') \\gexec
        alter role {name} login password '{literal}';"""  # noqa: S608 (both are checked or quoted)


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
    """Remove database and role `name`, whoever is connected, and its owner where that is another."""
    _check(name)
    postgres.execute(
        f"drop database if exists {name} with (force);\ndrop role if exists {name};\n"
        f"drop role if exists {owner_of(name)};"
    )


def _check(name: str) -> None:
    if re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) is None:
        raise ValueError(f"not a plain name for a database: {name!r}")
