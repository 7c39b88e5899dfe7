"""The reference: a page for every wing of the package, with each of its public names, from the docstrings."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import griffe
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

FOLDER = "reference/"
ROOT = Path(__file__).parents[2]
# In the order of the work; a wing that is not named here comes after them.
ORDER = (
    *("reading", "decoding", "identity", "funnels", "conversion", "auditing", "charts", "explorer", "report"),
    *("writing", "recipes", "studies", "samples", "vocabulary", "progress", "errors"),
)
_NAME = re.compile(r'(?<!">)<code>((la\.)?(\w+)(\(\))?)</code>(?!</a>)')


def on_config(config: MkDocsConfig) -> None:
    """Put a page for every wing where the navigation names the folder."""
    pages = [f"{FOLDER}{wing}.md" for wing in _wings()]
    for entry in config.nav or []:
        for title, parts in entry.items():
            if isinstance(parts, list):
                entry[title] = [{"Python": pages} if part == {"Python": FOLDER} else part for part in parts]


@event_priority(90)
def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add a page for every wing."""
    for wing, names in _wings().items():
        files.append(File.generated(config, f"{FOLDER}{wing}.md", content="\n\n".join(_page(wing, names))))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead a public name that stands in code to its entry."""
    own = {name: wing for wing, names in _wings().items() for name in names}

    def lead_on(code: re.Match[str]) -> str:
        _, prefix, name, call = code.groups()
        # A plain word such as `matches` may be a column or a command.
        if name not in own or not (prefix or call or "_" in name or name != name.lower()):
            return code[0]
        url = get_relative_url(f"{FOLDER}{own[name]}/", page.url)
        return f'<a href="{url}#leadanalytics.{name}">{code[0]}</a>'

    return _NAME.sub(lead_on, html)


@functools.cache
def _wings() -> dict[str, list[str]]:
    """Return the public names of each wing, as `leadanalytics/__init__.pyi` lists them."""
    wings: dict[str, list[str]] = {}
    stub = ast.parse((ROOT / "leadanalytics" / "__init__.pyi").read_text(encoding="utf-8"))
    for line in stub.body:
        if isinstance(line, ast.ImportFrom):
            for alias in line.names:
                wings.setdefault(line.module or alias.name, []).append(alias.name)
    return dict(sorted(wings.items(), key=lambda wing: ORDER.index(wing[0]) if wing[0] in ORDER else len(ORDER)))


@functools.cache
def _package() -> griffe.Module:
    return griffe.load("leadanalytics", search_paths=[ROOT])


def _page(wing: str, names: list[str]) -> Iterator[str]:
    module = _package()[wing]
    if names == [wing]:
        names = [name for name, member in module.members.items() if member.is_public and not member.is_alias]
        path = f"leadanalytics.{wing}"
    else:
        path = "leadanalytics"
    yield f"# {wing.capitalize()}"
    yield module.docstring.value if module.docstring else ""
    rows = [f"| [`{name}`](#{path}.{name}) | {_first_line(f'{path}.{name}')} |" for name in names]
    yield "\n".join(["| name | in one line |", "|---|---|", *rows])
    yield from (f"::: {path}.{name}" for name in names)


def _first_line(path: str) -> str:
    """Return the first sentence of a docstring; it may run over several lines."""
    member = _package()[path.removeprefix("leadanalytics.")]
    text = member.docstring.value if member.docstring else ""
    return " ".join(text.split("\n\n", 1)[0].split()).replace("|", r"\|")
