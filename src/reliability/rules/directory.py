"""The sources directory: names and aliases to entries, compared NFKC, casefolded, with spaces folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from reliability.model.base import folded
from reliability.rules.places import Say, refuse, rule_fault
from reliability.rules.schema import SourceEntry


@dataclass(frozen=True)
class Directory:
    """Known sources. A later file's entry takes the place of an earlier one of the same name or alias.

    One that gives a name and a track record, and nothing else, adds the record to what is known.
    """

    entries: dict[str, SourceEntry] = field(default_factory=dict)

    @classmethod
    def of(
        cls, files: Iterable[tuple[str, SourceEntry]], as_of: date | None = None, say: Say = refuse
    ) -> Directory:  # fmt: skip
        """Entries that hold on the day `as_of` (without it: those without an end).

        Says a RuleError when one file gives a name to two entries.
        """
        by_name: dict[str, tuple[str, SourceEntry]] = {}
        for path, entry in files:
            if not _holds(entry, as_of):
                continue
            if as_of is not None and entry.record is not None:
                entry = entry.model_copy(update={"record": entry.record.until(as_of)})
            known = by_name.get(folded(entry.name))
            if known is not None and known[0] != path and entry.model_fields_set <= {"name", "record"}:
                entry = known[1].model_copy(update={"record": entry.record})
            for n, name in enumerate((entry.name, *entry.aliases)):
                earlier = by_name.get(folded(name))
                if earlier is not None and earlier[0] == path and earlier[1] is not entry:
                    at = ("aliases", n - 1) if n else ("name",)
                    say(rule_fault(path, entry.name, at, f"{name!r} names both {earlier[1].name!r} and {entry.name!r}",
                                   "keep the alias with one of them", entry.since))  # fmt: skip
                by_name[folded(name)] = (path, entry)
        return cls({name: entry for name, (_, entry) in by_name.items()})

    def find(self, name: str) -> SourceEntry | None:
        """The entry that a name or alias stands for, else None."""
        return self.entries.get(folded(name))

    def of_domain(self, host: str) -> SourceEntry | None:
        """The entry of a host's name, by the longest domain that it is, or is under; None when no entry has one."""
        labels = host.casefold().strip(".").split(".")
        for n in range(len(labels) - 1):
            found = self._by_domain.get(".".join(labels[n:]))
            if found is not None:
                return found
        return None

    @cached_property
    def _by_domain(self) -> dict[str, SourceEntry]:
        entries = sorted(self.entries.items())
        return {entry.domain.casefold().strip("."): entry for _, entry in reversed(entries) if entry.domain is not None}

    def canonical(self, name: str) -> str:
        """The folded main name of the source that a name or alias stands for; its own folded name if unknown."""
        key = folded(name)
        entry = self.entries.get(key)
        return key if entry is None else folded(entry.name)


def _holds(entry: SourceEntry, as_of: date | None) -> bool:
    if as_of is None:
        return entry.until is None
    return (entry.since is None or entry.since <= as_of) and (entry.until is None or as_of < entry.until)
