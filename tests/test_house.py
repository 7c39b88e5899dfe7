"""The rules of the house, read from the syntax tree: imports point down, wings do not know one another."""

import ast
import inspect
import tomllib
from pathlib import Path

import pytest

import leadanalytics

PACKAGE = Path(leadanalytics.__file__).parent
ROOT = PACKAGE.parent

FLOORS = [
    {"errors"},
    {"progress", "replacing", "rules", "schema", "spans", "vocabulary"},
    {"branches", "offers"},
    {"reading", "decoding", "identity", "funnels", "auditing", "charts", "conversion", "writing", "samples"},
    {"recipes", "studies"},
    {"explorer", "report"},
    {"cli"},
]
ROOMS = sorted(path for path in PACKAGE.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))
PUBLIC = [name for name in leadanalytics.__all__ if callable(getattr(leadanalytics, name))]


def wing_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_wings(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            modules = [
                f"{node.module}.{alias.name}" if node.module == "leadanalytics" else node.module for alias in node.names
            ]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        for module in modules:
            if module and module.startswith("leadanalytics."):
                yield module.split(".")[1]


def floor_of(wing):
    return next(floor for floor, wings in enumerate(FLOORS) if wing in wings)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_strictly_down(path):
    if path == PACKAGE / "__init__.py":
        return
    here = wing_of(path)
    above = {wing for wing in imported_wings(path) if wing != here and floor_of(wing) >= floor_of(here)}
    assert not above, f"{here} may not import {', '.join(above)}"


def test_every_room_has_its_test_file():
    missing = []
    for room in ROOMS:
        relative = room.relative_to(PACKAGE)
        if not (ROOT / "tests" / relative.parent / f"test_{relative.name}").exists():
            missing.append(str(relative))
    assert not missing


def test_no_room_is_a_drawer():
    assert not [room for room in ROOMS if room.stem in ("utils", "helpers", "common", "misc")]


def test_no_room_has_grown_too_large():
    assert not [room.name for room in ROOMS if len(room.read_text(encoding="utf-8").splitlines()) > 400]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(name):
    documentation = getattr(leadanalytics, name).__doc__
    assert documentation, f"{name} has no docstring"
    if inspect.isfunction(function := getattr(leadanalytics, name)) and len(inspect.signature(function).parameters) > 1:
        assert "Parameters\n" in documentation, f"{name} does not describe its parameters"


def test_environment_file_covers_the_package():
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    wanted = {*project["dependencies"], *project["optional-dependencies"]["notebooks"]}
    lines = {line.strip(" -\n") for line in (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()}
    given = {line.replace(" ", "") for line in lines}
    assert not {requirement for requirement in wanted if requirement not in given}
    assert f"python{project['requires-python']}" in given
    assert "-e ." in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_constraints_name_no_address():
    assert "://" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")
