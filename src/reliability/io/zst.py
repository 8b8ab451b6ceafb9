"""Zstandard streams: Python's own reader where it has one (3.14), else its backport."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from reliability.errors import MissingExtra

if TYPE_CHECKING:
    from typing_extensions import Buffer


class DamagedZst(OSError):
    """Bytes that are no Zstandard archive, or not all of one."""


def zst_stream(stream: BinaryIO) -> BinaryIO:
    """A stream's bytes, unpacked from Zstandard, in bounded memory (windows of more than 128 MB are refused).

    Reading raises DamagedZst. Raises MissingExtra before Python 3.14 without the backport.
    """
    return cast(BinaryIO, io.BufferedReader(_Unpacked(stream)))


def zstd_library(extra: str, needed_for: str) -> Any:
    """The module that packs and unpacks. Raises MissingExtra before Python 3.14 without the backport."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        try:
            from backports import zstd
        except ImportError:
            raise MissingExtra(extra, needed_for, "backports.zstd") from None
    return zstd


class _Unpacked(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        zstd = zstd_library("batch", "reading .zst files")
        self._file = zstd.ZstdFile(stream)
        self._errors = (zstd.ZstdError, EOFError)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        try:
            return int(self._file.readinto(buffer))
        except self._errors as error:
            raise DamagedZst(str(error)) from None
