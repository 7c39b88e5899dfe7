"""Fixtures and settings for every test."""

import os
from pathlib import Path

from hypothesis import settings

# The list of fonts that Matplotlib keeps is the tests' own: another one may be older than the fonts of this machine.
os.environ["MPLCONFIGDIR"] = str(Path(__file__).parents[1] / ".cache" / "matplotlib")

pytest_plugins = ["azurite", "chromium"]

# The same examples in every run and no limit of time, so that a slow machine or a lucky draw fails no build.
settings.load_profile("ci")
