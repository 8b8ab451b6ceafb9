"""python -m tests.measure NAME …: one row of the README's table of figures. Without a name: what there is."""

from __future__ import annotations

import sys
from importlib import import_module

MEASURES = {
    "attribution": "tests.measure.attribution",
    "typing": "tests.measure.source_typing",
    "chains": "tests.measure.chain_reading",
}


def main() -> int:
    """Run the measure that is named, with the rest of the command line."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in MEASURES:
        print(f"measures: {', '.join(sorted(MEASURES))}", file=sys.stderr)
        return 2
    del sys.argv[1]
    import_module(MEASURES[name]).main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
