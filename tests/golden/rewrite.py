"""Write all golden files anew: `python -m tests.golden.rewrite`, in the repository's root. Then read the diff."""

from __future__ import annotations

from .sets import GOLDEN, NAMES, SEEDS, golden_file, golden_text


def main() -> None:
    """Rewrite what changed, take away what has no set any more, and say so."""
    names = (*SEEDS, *NAMES)
    for path in sorted(GOLDEN.glob("*.jsonl")):
        if path.stem not in names:
            path.unlink()
            print(f"removed {path.name}")
    for name in names:
        path, text = golden_file(name), golden_text(name)
        before = path.read_text(encoding="utf-8") if path.exists() else None
        if text != before:
            path.write_text(text, encoding="utf-8")
            print(f"{'wrote' if before is None else 'rewrote'} {path.name}")


if __name__ == "__main__":
    main()
