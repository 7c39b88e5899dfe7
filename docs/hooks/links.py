"""Links between files of the repository, as GitHub follows them, become links between pages."""

import posixpath
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

_LINK = re.compile(r"(\]\()(?!\w+:|#)([^)\s#]+)")
_HOME = {"README.md": "index.md"}


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead every relative link to the page that shows the file, where there is one."""
    source = page.file.src_uri
    folder = posixpath.dirname(source)
    in_repository = folder if _stands_beside_docs(source) else posixpath.join("docs", folder)

    def lead_on(link: re.Match[str]) -> str:
        target = _page_of(posixpath.normpath(posixpath.join(in_repository, link[2])))
        if files.get_file_from_path(target) is None:
            return link[0]  # a page of this site, written as such, or a mistake, which MkDocs names
        return link[1] + posixpath.relpath(target, folder or ".")

    return _LINK.sub(lead_on, markdown)


def _stands_beside_docs(source: str) -> bool:
    return source.startswith("notebooks/") or source in ("CHANGELOG.md", "CONTRIBUTING.md")


def _page_of(path: str) -> str:
    """Return the page that shows a file of the repository."""
    path = _HOME.get(path, path).removeprefix("docs/")
    return path.removesuffix(".ipynb") + ".md" if path.endswith(".ipynb") else path
