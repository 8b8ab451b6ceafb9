"""An adjudication: how true a claim turned out to be."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from reliability.model.base import Record
from reliability.model.dates import DateText
from reliability.model.report import Name


class Adjudication(Record):
    """What was settled later: `truth` from 0 (false) to 1 (true), when, and by whom.

    `claim_class` (in files `class`) is the claim's class, for records that tell classes apart.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    claim: Name
    truth: Annotated[float, Field(ge=0, le=1)]
    date: DateText | None = None
    by: Name | None = None
    claim_class: Name | None = Field(default=None, alias="class")
