"""What other packages add, by entry point: policies, readers and exporters. Nothing is imported until used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import metadata
from typing import Any, TypeVar

from reliability.errors import PluginError, ReliabilityError

POLICIES, READERS, EXPORTERS = "reliability.rules", "reliability.readers", "reliability.exporters"
GROUPS = (POLICIES, READERS, EXPORTERS)

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Plugin:
    """One entry point: the group and name it stands under, the package that ships it, and what it points at."""

    group: str
    name: str
    package: str
    version: str
    target: str

    def load(self) -> Any:
        """What it points at, imported. Raises PluginError, with the package, when that fails."""
        point = metadata.EntryPoint(self.name, self.target, self.group)
        return self.guarded(point.load, "can't be imported")

    def guarded(self, call: Callable[[], T], what: str) -> T:
        """What `call` gives; whatever it raises is a PluginError. What it prints goes to stderr: stdout is for results.

        A ReliabilityError is the plug-in's own word on its input, and passes.
        """
        try:
            with redirect_stdout(sys.stderr):
                return call()
        except ReliabilityError:
            raise
        except (Exception, SystemExit) as error:
            lines = str(error).strip().splitlines() or ["no reason given"]
            raise self.fault(f"{what} ({type(error).__name__}: {lines[0]})") from error

    def fault(self, problem: str) -> PluginError:
        """What is wrong with it, with the package and what to do."""
        return PluginError(
            f"{self.package} {self.version}", key=f"{self.group} {self.name} = {self.target}", problem=problem,
            remedy=f"tell its author, or pip install --upgrade {self.package}, or pip uninstall {self.package}",
        )  # fmt: skip


def plugins() -> tuple[Plugin, ...]:
    """Every plug-in that is installed, in order of group, name and package."""
    found = []
    for group in GROUPS:
        for point in metadata.entry_points(group=group):
            dist = point.dist
            package, version = ("?", "?") if dist is None else (dist.metadata["Name"], dist.version)
            found.append(Plugin(group, point.name, package, version, point.value))
    return tuple(sorted(set(found)))


def plugin_named(group: str, name: str) -> Plugin | None:
    """The group's plug-in of a name, None where no package has one. PluginError where two packages do."""
    found = [one for one in plugins() if one.group == group and one.name == name]
    if len(found) > 1:
        raise twins(found)
    return found[0] if found else None


def twins(found: list[Plugin]) -> PluginError:
    """The error for several plug-ins of one name: it names their packages."""
    first = found[0]
    who = " and ".join(f"{one.package} {one.version} ({one.target})" for one in found)
    return PluginError(first.group, key=first.name, problem=f"is shipped by {who}",
                       remedy="uninstall all but one of them")  # fmt: skip
