"""Which names mean what at one place of a query, as PostgreSQL looks them up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from apps.api.guard.allowed import TABLES

_numbers = count()


@dataclass(slots=True)
class Relation:
    """Something in FROM: its name there, and its columns with the bound of each."""

    name: str
    columns: dict[str, int]
    base: bool = False  # a table: beside these it has columns that must not be seen
    rows: int | None = None  # never more rows than this; None is any number
    reads: int = 1
    # A name that a subquery gives twice cannot be referred to, but `*` would still bring both.
    repeated: bool = False
    number: int = field(default_factory=lambda: next(_numbers))


@dataclass(slots=True)
class Query:
    """What a SELECT gives to whoever stands around it."""

    columns: list[tuple[str, int]]
    rows: int | None
    reads: int


@dataclass(slots=True)
class Scope:
    relations: list[Relation]
    parent: "Scope | None"
    ctes: dict[str, Query] = field(default_factory=dict)
    merged: bool = False  # JOIN … USING made one column of two

    def cte(self, name: str) -> Query | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.ctes:
                return scope.ctes[name]
            scope = scope.parent
        return None

    def relation(self, name: str) -> Relation | None:
        """The nearest one of that name, from the inside out."""
        scope: Scope | None = self
        while scope is not None:
            for relation in scope.relations:
                if relation.name == name:
                    return relation
            scope = scope.parent
        return None

    def has(self, column: str) -> bool:
        return any(column in relation.columns for relation in self.relations)


def base_relation(table: str, alias: str) -> Relation:
    return Relation(alias, dict(TABLES[table]), base=True)


def derived_relation(query: Query, alias: str, names: Iterable[str]) -> Relation:
    columns: dict[str, int] = {}
    repeated = False
    for name, (_, size) in zip(names, query.columns, strict=True):
        repeated |= name in columns
        columns[name] = max(size, columns.get(name, 0))
    return Relation(alias, columns, rows=query.rows, reads=query.reads, repeated=repeated)
