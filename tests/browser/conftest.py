"""A headless Chromium for the page's tests; without one, or without playwright, they are skipped by name.

The browser is the system's (Debian: `apt-get install chromium`), found as CHROMIUM or on the PATH; playwright downloads
none. axe-core (MPL-2.0, for tests only, not kept here) is taken from AXE_CORE, a path to axe.min.js, else fetched
with npm into a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
AXE = "axe-core@4.14.1"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser, started once."""
    api = pytest.importorskip("playwright.sync_api", reason="the page in a browser: playwright is not installed")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("the page in a browser: no Chromium found (apt-get install chromium, or set CHROMIUM)")
    with api.sync_playwright() as running:
        found = running.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's source."""
    given = os.environ.get("AXE_CORE")
    if given:
        return Path(given).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe-core: set AXE_CORE to axe.min.js, or install npm")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), AXE],
                          capture_output=True, timeout=120, check=False)  # fmt: skip
    source = folder / "node_modules" / "axe-core" / "axe.min.js"
    if done.returncode or not source.is_file():
        pytest.skip("axe-core: npm could not fetch it; set AXE_CORE to axe.min.js")
    return source.read_text(encoding="utf-8")
