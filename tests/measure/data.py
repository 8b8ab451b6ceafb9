"""Where the gold data lies, which is not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def gold(*parts: str) -> Path | None:
    """A file of the gold data, in $RELIABILITY_DATA or `shared/data`; None, said on stdout, when not there."""
    given = os.environ.get("RELIABILITY_DATA")
    path = (Path(given) if given else BESIDE).joinpath(*parts)
    if path.is_file():
        return path
    print(f"skipped: no data at {path}")
    return None
