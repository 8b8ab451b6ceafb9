"""What a policy's name stands for: a folder, `shipped`, or the policy of an installed package."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

from reliability.errors import RuleError
from reliability.plugins import POLICIES, Plugin, plugin_named, plugins

SHIPPED = "shipped"


def shipped_rules() -> Path:
    """The policy that came with the package: in the wheel beside the code, else `rules/` at the repository's root."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "policy"
    return inside if inside.is_dir() else package.parent.parent / "rules"


def policy_folder(name: str | Path, beside: Path | None = None) -> Path:
    """The folder of rules that a name stands for; a relative one starts from `beside` (default: the working folder).

    A folder wins over a package's policy of the same name. Raises RuleError where there is neither, PluginError for a
    package whose policy can't be had.
    """
    if str(name) == SHIPPED:
        return shipped_rules()
    if not str(name).strip():
        raise RuleError("", problem="an empty name is no policy", remedy="give a folder that holds rules (--rules DIR)")
    folder = (beside or Path()) / name
    if os.path.isdir(folder):  # Path.is_dir raises for names that no folder can have
        return folder
    if not {"/", os.sep} & set(str(name)) and (plugin := plugin_named(POLICIES, str(name))) is not None:
        return shipped_by(plugin)
    names = [one.name for one in plugins() if one.group == POLICIES]
    there = f", or the policy of a package ({', '.join(names)})" if names else ""
    raise RuleError(folder, problem="is not a folder", remedy=f"give a folder that holds rules (--rules DIR){there}")


def shipped_by(plugin: Plugin) -> Path:
    """The folder that a package's entry point names: a path, or a module in whose folder the rules are."""
    found = plugin.load()
    if isinstance(found, ModuleType):
        places = list(getattr(found, "__path__", ())) or [os.path.dirname(found.__file__ or "")]
        found = places[0]
    if not isinstance(found, str | os.PathLike) or not Path(found).is_dir():
        raise plugin.fault(f"names no folder of rules, but {found!r}")
    return Path(found)
