"""The command line: the same sentence as the notebooks, said in a terminal."""

from leadanalytics.cli.commands import main

__all__ = ["main"]
