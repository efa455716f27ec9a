"""Roles, database and extension: what a hosted PostgreSQL such as RDS gives its customer, and no more.

The owner is no superuser. It may create databases (tests do) and roles (the reader), as on RDS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from launcher.embedded.layout import ADMIN, DATABASE, OWNER, Passwords

# What is taken from everybody; the PostgreSQL container runs the same file.
HARDEN = Path(__file__).with_name("harden.sql")
OWNER_MAY = sql.SQL("LOGIN CREATEDB CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS")


def provision(*, port: int, passwords: Passwords) -> None:
    """Bring the server to that state; where it is there already, this is one connection and one query."""
    if _is_provisioned(port, passwords):
        return
    with _connect(port, ADMIN, passwords.admin, "postgres") as admin:
        _create_owner(admin, passwords.owner)
        _create_database(admin)
    for database in ("template1", DATABASE):  # template1, so that test databases have it too
        with _connect(port, ADMIN, passwords.admin, database) as admin:
            _run(admin, "CREATE EXTENSION IF NOT EXISTS vector")
            _run(admin, "ALTER EXTENSION vector UPDATE")
            _run(admin, sql.SQL("SET playhead.owner = {}").format(sql.Literal(OWNER)))
            _run(admin, HARDEN.read_text(encoding="utf-8"))


def _is_provisioned(port: int, passwords: Passwords) -> bool:
    try:
        with _connect(port, OWNER, passwords.owner, DATABASE) as owner, owner.cursor() as cursor:
            cursor.execute(
                "SELECT installed_version = default_version"
                " AND NOT has_language_privilege('public', 'plpgsql', 'USAGE')"
                " FROM pg_available_extensions WHERE name = 'vector'"
            )
            row = cursor.fetchone()
    except psycopg2.OperationalError:
        return False
    return bool(row and row[0])


def _create_owner(admin: Any, password: str) -> None:
    owner = sql.Identifier(OWNER)
    if not _one(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER):
        _run(admin, sql.SQL("CREATE ROLE {}").format(owner))
    _run(admin, sql.SQL("ALTER ROLE {} {} PASSWORD {}").format(owner, OWNER_MAY, sql.Literal(password)))


def _create_database(admin: Any) -> None:
    if not _one(admin, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
        _run(
            admin,
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)),
        )


@contextmanager
def _connect(port: int, user: str, password: str, database: str) -> Iterator[Any]:
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user=user, password=password, dbname=database, connect_timeout=10
    )
    try:
        connection.autocommit = True
        yield connection
    finally:
        connection.close()


def _run(connection: Any, statement: str | sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _one(connection: Any, query: str, *values: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()
