"""Our STIX extension: what a rating and a report have that STIX has no property for, and its definition."""

from __future__ import annotations

import json
from typing import Any

VERSION = "1.0.0"
NAME = "source-reliability-rating"
TITLE = "Rating of a claim by who stands behind it"

_PROBABILITY = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT = {"type": "string", "minLength": 1}
_DIGEST = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_LEVEL = {"enum": ["low", "moderate", "high"]}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": TITLE,
    "description": "On a report object: the rating of the claim that is its name. On a note: a report of the claim.",
    "type": "object",
    "required": ["extension_type"],
    "properties": {"extension_type": {"const": "property-extension"}},
    "oneOf": [
        {
            "required": ["claim", "p", "assessed", "analytic_confidence", "independent", "rules", "inputs", "engine"],
            "properties": {
                "claim": _TEXT, "question": _TEXT, "p": _PROBABILITY, "low": _PROBABILITY, "high": _PROBABILITY,
                "assessed": {"type": "boolean"}, "icd203": _TEXT, "phia": _TEXT, "analytic_confidence": _LEVEL,
                "weight_db": {"type": "number"}, "independent": {"type": "integer", "minimum": 0},
                "outlets": {"type": "integer", "minimum": 0}, "flags": {"type": "array", "items": _TEXT},
                "rules": _DIGEST, "inputs": _DIGEST, "engine": _TEXT,
                "confidence_scale": {"const": "p in percent"},
            },
        },
        {
            "required": ["record"],
            "properties": {
                "record": {"type": "string", "description": "The report record as canonical JSON, to be read back."},
                "admiralty_source": {"enum": list("ABCDEF")}, "admiralty_information": {"enum": list("123456")},
                "confidence_scale": {"const": "Admiralty credibility (STIX 2.1, appendix A)"},
            },
        },
    ],
}  # fmt: skip
"""JSON Schema of the extension's properties."""


def schema_text() -> str:
    """The schema on one line: the definition's own normative text, so that nothing must be fetched."""
    return json.dumps(SCHEMA, ensure_ascii=False, sort_keys=True)
