"""The OpenAPI document: what each operation may answer beside success, and pydantic models as components."""

import copy
from typing import Any

from drf_spectacular.authentication import OpenApiAuthenticationExtension, SessionScheme
from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_object_type
from drf_spectacular.utils import OpenApiParameter
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, model_json_schema

_ERROR = build_object_type(
    properties={
        "type": {"type": "string", "enum": ["validation_error", "client_error", "server_error"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string", "description": "For programs."},
                    "detail": {"type": "string", "description": "For people."},
                    "attr": {
                        "type": ["string", "null"],
                        "description": "The place: a field, `3.age` in an array, `lines.17.age` in a file.",
                    },
                },
                "required": ["code", "detail", "attr"],
            },
        },
    },
    required=["type", "errors"],
)
_ERROR["example"] = {
    "type": "validation_error",
    "errors": [{"code": "required", "detail": "This field is required.", "attr": "name"}],
}
_WHAT = {
    "400": "Wrong input; each place is named.",
    "401": "Not signed in.",
    "403": "Signed in, but not allowed to do this.",
    "404": "Not there, or not yours to see.",
    "405": "Not a method of this address.",
    "409": "It conflicts with what is there.",
    "410": "It was there and is over.",
    "411": "A Content-Length is needed.",
    "412": "Another version of the protocol is spoken here.",
    "413": "Larger than this service accepts.",
    "415": "A content type that this address does not read.",
    "416": "The file does not have these bytes.",
    "423": "Another request is working on it.",
    "429": "Too many requests; Retry-After says when.",
    "507": "There is no room left.",
    "503": "Something this answer needs cannot be reached just now.",
}


class AutoSchema(SpectacularAutoSchema):
    def get_operation(self, path, path_regex, path_prefix, method, registry):
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        component = ResolvedComponent(
            name="Error", type=ResolvedComponent.SCHEMA, schema=copy.deepcopy(_ERROR), object="Error"
        )
        registry.register_on_missing(component)
        for model in getattr(self.view, "extra_components", ()):
            self.resolve_serializer(model, "request")
        for code in self._error_codes(path, method):
            operation["responses"].setdefault(
                code,
                {"description": _WHAT[code], "content": {"application/json": {"schema": component.ref}}},
            )
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _error_codes(self, path: str, method: str) -> list[str]:
        codes = {"400", "429", "503", *getattr(self.view, "extra_error_codes", ())}
        if self.view.authentication_classes:
            codes |= {"401", "403"}
        if "{" in path:
            codes.add("404")
        if method in {"POST", "PUT", "PATCH"}:
            codes |= {"411", "413", "415"}
        return sorted(codes)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "apps.http.auth.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "A token of `POST /api/auth/token/`."}


class SessionWithHeaderScheme(SessionScheme):
    target_class = "apps.http.auth.SessionWithHeader"


class PydanticModel(PydanticExtension):
    """As the package's own, but a request shows which fields may be left out."""

    priority = 1

    def map_serializer(self, auto_schema, direction):
        mode: JsonSchemaMode = "validation" if direction == "request" else "serialization"
        schema = model_json_schema(self.target, ref_template="#/components/schemas/{model}", mode=mode)
        for name, sub_schema in schema.pop("$defs", {}).items():
            component = ResolvedComponent(
                name=name, type=ResolvedComponent.SCHEMA, object=name, schema=_untitled(sub_schema)
            )
            auto_schema.registry.register_on_missing(component)
        return _untitled(schema)


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """pydantic titles every field with its own name again."""
    schema.pop("title", None)
    for member in schema.get("properties", {}).values():
        member.pop("title", None)
    return schema


def query_parameters(model: type[BaseModel]) -> list[OpenApiParameter]:
    schema = _untitled(model_json_schema(model, mode="validation", by_alias=True))
    parameters = []
    for name, member in schema["properties"].items():
        description = member.pop("description", "")
        member.pop("default", None) if member.get("default") in (None, []) else None
        options = [option for option in member.pop("anyOf", []) if option.get("type") != "null"]
        if options:
            description = description or options[0].pop("description", "")
            member |= options[0]
        parameters.append(
            OpenApiParameter(name, member, OpenApiParameter.QUERY, description=description, explode=True)
        )
    return parameters
