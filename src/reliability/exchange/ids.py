"""Ids made of content: the same thing has the same id wherever and whenever it is exported."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from reliability.model.base import canonical_json

NAMESPACE = UUID("6f0f6c1e-5a0b-5d6c-9a53-2b8a5f6f4d11")
"""The namespace of all our ids; it is no other standard's, as STIX asks of ids that are not its observables'."""


def id_of(kind: str, *content: Any) -> UUID:
    """The UUIDv5 of a kind of thing and its content as canonical JSON."""
    return uuid5(NAMESPACE, canonical_json([kind, *content]))
