"""Measurements, a subcommand each: `python -m tests.measure NAME [options]`.

Gold data is read from $RELIABILITY_DATA, else from the folder `shared/data` beside the repository; without it a
measurement says "skipped: no data at …" and ends with 0.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

MODULES = {
    "attribution": ("attribution", "who says what: PolNeAR's articles"),
    "matching": ("matching", "same claim or not: Emergent and MSRP"),
    "typing": ("source_typing", "what kind of source a mention is: sentences of our own"),
    "chains": ("chain_reading", "who told whom: sentences of our own"),
    "speed": ("speed", "reading beside the parser alone, two processes beside one, memory"),
    "learning": ("learning", "learning without adjudications: public sets, beside votes and crowd-kit"),
    "records": ("records", "a new statement's truth from its speaker's record: LIAR's fact checks"),
    "coverage": ("coverage", "how often the intervals cover"),
    "history": ("history", "the shipped policy on settled historical claims"),
}
"""Modules of this folder, each with `main(arguments)`, and what they measure."""


def main(arguments: Sequence[str]) -> int:
    """Run the measurement that is named first; 2 when there is none of that name."""
    if not arguments or arguments[0] not in MODULES:
        names = "\n".join(f"  {name:12} {what}" for name, (_, what) in MODULES.items())
        print(f"usage: python -m tests.measure NAME [options]\n{names}", file=sys.stderr)
        return 2
    module = import_module(f".{MODULES[arguments[0]][0]}", __package__)
    return module.main(arguments[1:]) or 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
