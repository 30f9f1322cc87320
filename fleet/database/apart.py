"""Keeping some tables apart by PostgreSQL's own roles, so that no query of the code that lends can read them.

Every connection works as `doorstep_lending`, which may use every table but those whose names begin with `equality_`.
Only inside `as_equality` (equality_role.py) is it `doorstep_equality`, which may use those and no others. SQLite has
no roles: there, the import contract alone keeps them apart.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ProgrammingError

LENDING = "doorstep_lending"
EQUALITY = "doorstep_equality"
PREFIX = "equality_"

_MAY_BE = """pg_has_role(session_user, oid,
  CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)"""
"""Since PostgreSQL 16 a member of a role may be one who cannot work as it (GRANT, in its manual)."""
_WORK_AS = f"""
SELECT set_config('role', rolname, false) FROM pg_roles
WHERE rolname = '{LENDING}' AND {_MAY_BE}
  AND has_table_privilege(rolname, to_regclass('{PREFIX}answer'), 'SELECT') IS FALSE
  AND has_table_privilege(rolname, to_regclass('person'), 'SELECT')
"""  # noqa: S608 - the two names are constants of this module
"""Where the roles are not set up, or not for this database, the connection stays what it signed in as."""


def work_as_lending(connection: DBAPIConnection) -> None:
    """What every fresh connection to PostgreSQL begins with."""
    cursor = connection.cursor()
    cursor.execute(_WORK_AS)
    cursor.close()
    connection.commit()


def as_owner(connection: Connection) -> None:
    """Until the transaction ends, work as whoever signed in: the owner of the tables, for a migration."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL ROLE NONE"))


def keep_apart(engine: Engine) -> bool:
    """Set up both roles and what each may do, for every table there is; whether they are in force.

    Told again after every migration. Whoever signs in must be allowed to make roles, or find them made.
    """
    if engine.dialect.name != "postgresql":
        return False
    try:
        with engine.begin() as connection:
            as_owner(connection)
            _arrange(connection)
    except ProgrammingError:  # no right to make roles, or to grant them: `doorstep check` says what to do
        return False
    engine.dispose()
    return True


def _arrange(connection: Connection) -> None:
    tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('doorstep roles'))"))
    for role in (LENDING, EQUALITY):
        may_be = text(f"SELECT {_MAY_BE} FROM pg_roles WHERE rolname = :role")  # noqa: S608 - a constant of this module
        if connection.scalar(may_be, {"role": role}) is None:
            connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
        if not connection.scalar(may_be, {"role": role}):
            connection.execute(text(f"GRANT {role} TO SESSION_USER"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"))
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {LENDING}"))
    for name in tables:
        role = EQUALITY if name.startswith(PREFIX) else LENDING
        connection.execute(text(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO {role}'))


def is_kept_apart(engine: Engine) -> bool:
    """Whether connections to this database cannot read what is kept apart."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT current_role")) == LENDING)
