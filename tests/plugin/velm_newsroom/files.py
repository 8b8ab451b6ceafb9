"""`.wire` holds reports, a line each: claim | source [type] | outlet [type]; `.memo` an article under its publisher."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

LINK = re.compile(r"(.+) \[(.+)\]")


def read_wire(stream: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    for line in stream.read().decode("utf-8").splitlines():
        claim, *links = (part.strip() for part in line.split("|"))
        found = [LINK.fullmatch(link) for link in links]
        yield {"claim": claim, "text": claim, "provenance": [{"source": m[1], "type": m[2]} for m in found if m]}


def read_memo(stream: BinaryIO, name: str) -> dict[str, Any]:
    head, _, text = stream.read().decode("utf-8").partition("\n")
    return {"publisher": head, "text": text}


def headlines(ratings: list[dict[str, Any]]) -> str:
    print("headlines: a remark that must not get among the results")
    return "".join(f"{one['rating']['p']:.4f} {one['claim']['id']}\n" for one in ratings)
