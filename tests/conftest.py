"""Fixtures for every test."""

pytest_plugins = ["azurite"]
