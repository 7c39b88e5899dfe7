"""Fixtures and settings for every test."""

from hypothesis import settings

pytest_plugins = ["azurite", "chromium"]

# The same examples in every run and no limit of time, so that a slow machine or a lucky draw fails no build.
settings.load_profile("ci")
