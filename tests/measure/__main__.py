"""Measurements on gold data, a subcommand each: `python -m tests.measure NAME [options]`.

The data is read from $RELIABILITY_DATA, else from the folder `shared/data` beside the repository; without it a
measurement says "skipped: no data at …" and ends with 0.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

MODULES = {
    "matching": "same claim or not: Emergent and MSRP",
    "attribution": "who says what: PolNeAR's articles",
}
"""Modules of this folder, each with `main(arguments) -> int`, and what they measure."""


def main(arguments: Sequence[str]) -> int:
    """Run the measurement that is named first; 2 when there is none of that name."""
    if not arguments or arguments[0] not in MODULES:
        names = "\n".join(f"  {name:12} {what}" for name, what in MODULES.items())
        print(f"usage: python -m tests.measure NAME [options]\n{names}", file=sys.stderr)
        return 2
    module = import_module(f".{arguments[0]}", __package__)
    done: int = module.main(arguments[1:])
    return done


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
