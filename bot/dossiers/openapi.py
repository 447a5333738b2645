"""The OpenAPI description of what one-stop software may send us."""

from __future__ import annotations

from typing import Any

from bot.dossiers.pushed import PushedDossier

PATH = "/api/dossiers"
DESCRIPTION_PATH = "/api/openapi.json"
MOST_ROWS = 1000


def description() -> dict[str, Any]:
    """Return the OpenAPI description."""
    dossier = PushedDossier.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = {**dossier.pop("$defs", {}), "Dossier": dossier, **_ANSWERS}
    body = {
        "type": "object",
        "required": ["dossiers"],
        "properties": {
            "dossiers": {
                "type": "array", "minItems": 1, "maxItems": MOST_ROWS,
                "items": {"$ref": "#/components/schemas/Dossier"},
            }
        },
    }  # fmt: skip
    refusals = {
        "400": "Not JSON, or not a batch", "401": "No or a wrong token", "413": "More than 8 MB",
        "415": "Not application/json", "422": "The key was used for another batch", "503": "Send it again later",
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "Một Cửa: dossiers", "version": "1"},
        "paths": {
            PATH: {
                "post": {
                    "summary": "Push the present state of up to 1,000 dossiers",
                    "security": [{"token": []}],
                    "parameters": [
                        {
                            "name": "Idempotency-Key", "in": "header", "required": False,
                            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                        }
                    ],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
                    "responses": {
                        "200": _answer("Sound rows are stored, the others named", "Result"),
                        **{status: _answer(words, "Refusal") for status, words in refusals.items()},
                    },
                }
            }
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _answer(words: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": words, "content": content}


_COUNTS = ("received", "new", "changed", "same", "older", "refused")
_PROBLEM = {
    "type": "object",
    "required": ["field", "problem"],
    "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
}
_ANSWERS: dict[str, Any] = {
    "Refusal": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}},
    "Result": {
        "type": "object",
        "required": [*_COUNTS, "errors"],
        "properties": {
            **{name: {"type": "integer", "minimum": 0} for name in _COUNTS},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["row", "problems"],
                    "properties": {
                        "row": {"type": "integer", "description": "Place in the batch, from 0"},
                        "problems": {"type": "array", "items": _PROBLEM},
                    },
                },
            },
        },
    },
}
