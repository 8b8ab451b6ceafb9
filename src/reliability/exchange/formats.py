"""The formats that ratings are exported in, by name, each imported only when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reliability.exchange.dossier import Dossier


@dataclass(frozen=True)
class ExportFormat:
    """A format: what it is, in a line, and what makes a text of a dossier."""

    about: str
    write: Callable[[Dossier], str]


def _stix(dossier: Dossier) -> str:
    from reliability.exchange.stix_out import stix_bundle

    return stix_bundle(dossier)


def _misp(dossier: Dossier) -> str:
    from reliability.exchange.misp_out import misp_event

    return misp_event(dossier)


def _claimreview(dossier: Dossier) -> str:
    from reliability.exchange.claimreview import claim_reviews

    return claim_reviews(dossier)


def _prov(dossier: Dossier) -> str:
    from reliability.exchange.prov_out import prov_document

    return prov_document(dossier, "json")


def _provn(dossier: Dossier) -> str:
    from reliability.exchange.prov_out import prov_document

    return prov_document(dossier, "provn")


def _icd206(dossier: Dossier) -> str:
    from reliability.exchange.icd206 import source_list

    return source_list(dossier)


def _memo(dossier: Dossier) -> str:
    from reliability.exchange.memo import memo

    return memo(dossier)


def _ach(dossier: Dossier) -> str:
    from reliability.exchange.ach import ach_csv

    return ach_csv(dossier.ratings)


FORMATS: Mapping[str, ExportFormat] = {
    "stix": ExportFormat("a STIX 2.1 bundle", _stix),
    "misp": ExportFormat("a MISP event", _misp),
    "claimreview": ExportFormat("schema.org ClaimReview, JSON-LD; needs --reviewed-by", _claimreview),
    "prov": ExportFormat("W3C PROV along the chains, as PROV-JSON", _prov),
    "provn": ExportFormat("the same as PROV-N", _provn),
    "icd206": ExportFormat("a source list in the manner of ICD 206, Markdown", _icd206),
    "memo": ExportFormat("a memo for a story's file, Markdown", _memo),
    "ach": ExportFormat("competing answers against all evidence, a CSV matrix", _ach),
}
"""Every format of ours by the name that `export` takes."""
