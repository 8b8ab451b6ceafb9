"""The base of all records: frozen, closed, without NaN."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen, closed record: unknown keys are refused, and so are NaN and infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: Any) -> str:
    """One spelling for one value: keys sorted, no spaces, UTF-8 kept, no NaN (ValueError)."""
    return _CANONICAL.encode(value)


def sha256(text: str) -> str:
    """Hex SHA-256 of a text's UTF-8 bytes; lone surrogates are kept as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def folded(name: str) -> str:
    """A source's name as it is compared: NFKC, casefolded, runs of white space as one space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
