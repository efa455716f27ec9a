"""docs/api.md names every route."""

import re
from pathlib import Path

import pytest
from drf_spectacular.generators import SchemaGenerator

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "api.md").read_text(encoding="utf-8")
# `GET`, `PATCH`, `DELETE /api/videos/{id}/` and `HEAD`/`PATCH`/`DELETE /api/uploads/tus/{id}/`
TOLD = re.compile(r"((?:`?[A-Z]+`?(?:, |/))*`?[A-Z]+) (/api/[^`\s]*)`")


def written(path: str) -> str:
    return re.sub(r"\{\w+_id\}", "{id}", path)


@pytest.fixture(scope="module")
def operations() -> set[tuple[str, str]]:
    schema = SchemaGenerator().get_schema(public=True)
    return {
        (method.upper(), written(path))
        for path, methods in schema["paths"].items()
        for method in methods
        if method in {"get", "post", "patch", "put", "delete"}
    }


def test_every_operation_is_told(operations):
    told = {
        (method, path) for methods, path in TOLD.findall(PAGE) for method in re.findall(r"[A-Z]+", methods)
    }
    assert operations - told == set()
    assert {(method, path) for method, path in told - operations if method != "HEAD"} == set()
