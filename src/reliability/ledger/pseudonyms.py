"""Confidential names, kept outside the ledger: in it stands a keyed pseudonym, which only the key's owner can make.

Source: HMAC with SHA-256 (RFC 2104), so that nobody can find a name by trying names.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal
from unicodedata import normalize

from pydantic import Field, StringConstraints, ValidationError

from reliability.errors import InputError
from reliability.io.toml import read_toml
from reliability.ledger.details import GivenFile
from reliability.ledger.given import Given
from reliability.ledger.recording import report_line
from reliability.model.base import Record, folded
from reliability.model.report import Name, Report
from reliability.rules.policy import Policy

FORM = "confidential-{}"
_DIGITS = 16
_REMEDY = 'write key = "…" (64 hex digits or more: openssl rand -hex 32) and names = ["…"]'


class Confidential(Record):
    """A key, and the names that stay outside. Names are matched whole, whatever their case."""

    key: Annotated[str, StringConstraints(pattern=r"^([0-9a-fA-F]{2}){32,}$")]
    names: Annotated[tuple[Name, ...], Field(max_length=100_000)] = ()


@dataclass(frozen=True)
class Disguise:
    """What turns confidential names into pseudonyms."""

    confidential: Confidential

    def pseudonym(self, name: str) -> str:
        """The pseudonym of a name: the same for the same key, however the name is written (compared folded)."""
        key = bytes.fromhex(self.confidential.key)
        return FORM.format(hmac.new(key, folded(name).encode("utf-8"), sha256).hexdigest()[:_DIGITS])

    @cached_property
    def _any(self) -> re.Pattern[str]:
        forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
        longest = sorted(self.confidential.names, key=lambda name: (-len(name), name))
        spelled = (normalize(form, name) for name in longest for form in forms)
        spaced = dict.fromkeys(r"\s+".join(map(re.escape, name.split())) for name in spelled)
        return re.compile(rf"(?<!\w)(?:{'|'.join(spaced) or '(?!)'})(?!\w)", re.IGNORECASE)

    def text(self, text: str) -> str:
        """A text with every confidential name replaced."""
        return self._any.sub(lambda found: self.pseudonym(found[0]), text)

    def report(self, report: Report) -> Report:
        """A report with every confidential name replaced, wherever in its record it stands."""
        return Report.model_validate(self._value(report.model_dump(mode="json", exclude_none=True)))

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(one) for one in value]
        return {key: self._value(one) for key, one in value.items()} if isinstance(value, dict) else value

    def require_unnamed(self, where: str, text: str) -> None:
        """Raises InputError where a text that the ledger would hold as it is has a confidential name in it."""
        if self._any.search(text):
            raise InputError(where, problem="holds a confidential name, and would stand in the ledger as it is",
                             remedy="leave the name out of it")  # fmt: skip

    def require_unknown(self, policy: Policy) -> None:
        """Raises InputError for a name that the policy's sources have: it would stand in the ledger all the same."""
        known = next((name for name in self.confidential.names if policy.sources.find(name) is not None), None)
        if known is not None:
            raise InputError("--confidential", problem="a name stands in the policy's sources, which the ledger holds",
                             remedy="take it out there; give its reports their `type` and `facts`")  # fmt: skip


def read_confidential(path: Path) -> Disguise:
    """The disguise that a TOML file with `key` and `names` gives. Raises InputError for anything else."""
    table = read_toml(path)
    try:
        names = table.get("names", [])
        return Disguise(Confidential.model_validate({**table, "names": tuple(names)}))
    except (ValidationError, TypeError):
        raise InputError(path, problem="is no file of confidential names", remedy=_REMEDY) from None


def disguised_file(reports: Iterable[Report]) -> Given:
    """Disguised reports as the file that stands in the ledger in place of what was read."""
    data = b"".join(map(report_line, reports))
    file = GivenFile(role="input", name="disguised.jsonl", content=sha256(data).hexdigest())
    return Given(file, None, BytesIO(data))
