"""Tables of very many columns: whether a name stands twice is told in time that grows with them, not faster."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest

from reliability.errors import InputError
from reliability.io.csvrows import csv_rows
from reliability.io.parquet import refuse_columns

NAMES = ["claim", "provenance", *(f"c{at}" for at in range(60_000))]


def of_csv(names: list[str]) -> None:
    header = ",".join(names)
    next(csv_rows(io.BytesIO(f"{header}\n{',' * (len(names) - 1)}\nc,x{',' * (len(names) - 2)}\n".encode()), "-"))


def of_parquet(names: list[str]) -> None:
    refuse_columns(names, "-")


@pytest.mark.parametrize("read", [of_csv, of_parquet])
def test_a_table_of_very_many_columns_is_taken_at_once(read: Callable[[list[str]], None]) -> None:
    begun = time.process_time()
    read(NAMES)
    with pytest.raises(InputError, match="c7"):
        read([*NAMES, "c7"])
    assert time.process_time() - begun < 3
