"""Ratings in a format that an installed package writes: an entry point of `reliability.exporters` named as the format.

It points at a callable that takes the rating records, as JSON has them, and gives a text or bytes.
"""

from __future__ import annotations

from typing import Any

from reliability.cli.options import Format
from reliability.errors import UsageError
from reliability.exchange.claimreview import reviewer_named
from reliability.exchange.formats import FORMATS, ExportFormat
from reliability.plugins import EXPORTERS, Plugin, plugin_named, plugins
from reliability.rules.policy import near


def exporter_named(name: str) -> Plugin:
    """The exporter of that name. Raises UsageError where there is none, PluginError where there are two."""
    plugin = plugin_named(EXPORTERS, name)
    if plugin is None:
        known = [*Format, *(one.name for one in plugins() if one.group == EXPORTERS)]
        raise UsageError(f"--format {name}", problem="is no format", remedy=near(name, known))
    return plugin


def exporter_for(name: str, reviewer: str | None) -> ExportFormat | Plugin:
    """The format of `export` by name: one of ours, else an installed package's.

    Raises UsageError where there is none, and for a ClaimReview that nobody vouches for.
    """
    if name == "claimreview":
        reviewer_named(reviewer)
    if name in FORMATS:
        return FORMATS[name]
    plugin = plugin_named(EXPORTERS, name)
    if plugin is None:
        known = [*FORMATS, *(one.name for one in plugins() if one.group == EXPORTERS)]
        raise UsageError(f"export {name}", problem="is no format", remedy=near(name, known))
    return plugin


def exported(plugin: Plugin, records: list[dict[str, Any]]) -> str | bytes:
    """What the exporter makes of rating records. Raises PluginError when it fails, or gives neither text nor bytes."""
    write = plugin.load()
    if not callable(write):
        raise plugin.fault(f"is not a callable, but {write!r}")
    found: Any = plugin.guarded(lambda: write(records), "can't export the ratings")
    if not isinstance(found, str | bytes):
        raise plugin.fault(f"gave {type(found).__name__}, not a text or bytes")
    return found
