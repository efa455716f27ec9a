"""The guard: SQL from a model is data until check() has re-written it. docs/decisions/0030-sql-guard.md."""

from apps.api.guard.checking import CheckedSql, check
from apps.api.guard.refusal import RefusedSql

__all__ = ["CheckedSql", "RefusedSql", "check"]
