"""The committed OpenAPI document is the one that the code makes."""

import difflib
from pathlib import Path

import yaml
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def generated() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def lines(document: dict) -> list[str]:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=True).splitlines()


def test_the_committed_document_is_the_generated_one(db):
    committed = lines(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))
    drift = list(
        difflib.unified_diff(committed, lines(generated()), "committed", "generated", n=1, lineterm="")
    )
    assert not drift, "run: make openapi\n" + "\n".join(drift)


def test_the_document_is_valid_openapi_3_1(db):
    schema = generated()
    assert schema["openapi"].startswith("3.1")
    validate_schema(schema)


def test_every_operation_has_a_summary_and_a_room(db):
    for path, methods in generated()["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (path, method)
            assert operation.get("tags"), (path, method)
            assert "Error" in str(operation["responses"]) or "health" in path, (path, method)


def test_the_reference_page_and_the_document_are_served(nobody):
    page = nobody.client.get("/api/docs/")
    assert page.status_code == 200
    assert b"swagger" in page.content
    assert nobody.client.get("/api/schema/").status_code == 200
    assert nobody.client.get("/").headers["Location"] == "/api/docs/"


def test_the_document_is_made_once_and_asks_for_nothing(nobody, monkeypatch):
    kinds = {"application/vnd.oai.openapi": "yaml", "application/vnd.oai.openapi+json": "json"}
    for accepted, ending in kinds.items():
        response = nobody.client.get("/api/schema/", HTTP_ACCEPT=accepted)
        assert response.headers["Content-Type"] == f"{accepted}; charset=utf-8"
        assert response.headers["Content-Disposition"] == f'inline; filename="playhead.{ending}"'
        assert yaml.safe_load(response.content)["paths"] == generated()["paths"]
    monkeypatch.setattr(SchemaGenerator, "get_schema", None)
    for query in ("version=%0a", "lang=%00", "lang=ko&format=yaml"):
        assert nobody.client.get(f"/api/schema/?{query}").status_code == 200
