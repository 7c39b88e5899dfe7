"""The pages that stand beside the package rather than in docs/: what changed and how to take part."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

PAGES = ("CHANGELOG.md", "CONTRIBUTING.md")


@event_priority(90)
def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the project's own pages."""
    root = Path(config.config_file_path).parent
    for name in PAGES:
        files.append(File.generated(config, name, abs_src_path=str(root / name)))
