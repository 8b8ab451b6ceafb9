"""An article as read: its text and what is known about its publication."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from reliability.model.base import Record
from reliability.model.dates import DateText
from reliability.model.report import Name


class Article(Record):
    """A document whose outlet we read with our own eyes.

    `publisher` None is an unknown outlet, which carries nothing. `publisher_type` is a source-type id from
    `--publisher NAME:TYPE`; None means that the sources file decides, else unknown.
    """

    id: Name
    text: Annotated[str, StringConstraints(min_length=1)]
    url: Annotated[str, Field(max_length=4_000)] | None = None
    publisher: Name | None = None
    publisher_type: str | None = None
    published: DateText | None = None
    retrieved: DateText | None = None
    language: str | None = None
