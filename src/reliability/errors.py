"""What can go wrong, said as where, what, and what to do."""

from __future__ import annotations

from pathlib import Path


class ReliabilityError(Exception):
    """Base of every error that this package raises on purpose.

    `where` is a file or a name; `line` and `column` (both from 1, in characters) the place in a file; `key` the field
    inside it; `problem` what is wrong; `remedy` what the reader can do about it.
    """

    exit_code = 3

    def __init__(
        self,
        where: str | Path | None = None,
        *,
        problem: str,
        remedy: str | None = None,
        key: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.where = None if where is None else str(where)
        self.key = key
        self.line = line
        self.column = column
        self.problem = problem
        self.remedy = remedy
        super().__init__(self._text())

    def _text(self) -> str:
        place = self.where or ""
        if self.line is not None:
            place = f"{place}:{self.line}" if self.column is None else f"{place}:{self.line}:{self.column}"
        about = self._about()
        if about is not None:
            place = f"{place}: {about}" if place else about
        text = f"{place}: {self.problem}" if place else self.problem
        return f"{text}; {self.remedy}" if self.remedy else text

    def _about(self) -> str | None:
        return self.key


class InputError(ReliabilityError):
    """An input file, or a row of one, that can't be read as what it should be."""


class RuleError(ReliabilityError):
    """A policy that can't be used: a wrong key, a conflict, a number out of range.

    `rule` is the id of the rule (or the name of the source) that is wrong, where there is one.
    """

    def __init__(
        self,
        where: str | Path | None = None,
        *,
        problem: str,
        remedy: str | None = None,
        key: str | None = None,
        line: int | None = None,
        column: int | None = None,
        rule: str | None = None,
    ) -> None:
        self.rule = rule
        super().__init__(where, problem=problem, remedy=remedy, key=key, line=line, column=column)

    def _about(self) -> str | None:
        return ": ".join(part for part in (self.rule, self.key) if part) or None


class PluginError(ReliabilityError):
    """An installed package that adds a policy, a reader or an exporter, and does not do as it says."""


class ScoringError(ReliabilityError):
    """Numbers that no tree can be computed from."""


class ProcessKilledError(ReliabilityError):
    """A process that did a part of the work was killed by somebody else, as systems do where memory is short."""

    def __init__(self, where: str | Path | None = None, *, remedy: str = "try again with fewer --jobs") -> None:
        super().__init__(where, problem="a process that did a part of the work was killed",
                         remedy=f"was memory short? {remedy}")  # fmt: skip


class UsageError(ReliabilityError):
    """A command or call that asks for what is not there (an unknown claim, an option that fits nothing)."""

    exit_code = 2


class LedgerError(ReliabilityError):
    """A ledger that can't be opened, or that is not as it was written."""

    exit_code = 4


class MissingExtra(ReliabilityError):
    """A part that needs packages which are not installed."""

    exit_code = 2

    def __init__(self, extra: str, needed_for: str, package: str) -> None:
        super().__init__(
            problem=f"{needed_for} needs the package {package}, which is not installed",
            remedy=f"install it with: pip install 'source-reliability[{extra}]'",
        )
        self.extra = extra
