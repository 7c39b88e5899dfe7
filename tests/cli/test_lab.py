import contextlib
import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from leadanalytics.cli import lab, main
from leadanalytics.errors import WriteError

SHIPPED = sorted(path.name for path in lab.IN_PROJECT.glob("*.ipynb"))
TOKEN = "an-invented-token-of-the-tests"


def names(paths):
    return [path.name for path in paths]


def test_every_notebook_is_copied_to_a_new_folder(tmp_path):
    copied = lab.copy_notebooks(tmp_path / "a" / "b")
    assert (names(copied.new), copied.kept) == (SHIPPED, [])
    assert all(path.read_bytes() == (lab.IN_PROJECT / path.name).read_bytes() for path in copied.new)


def test_what_is_there_stays_as_it_is(tmp_path):
    (tmp_path / SHIPPED[0]).write_text("mine")
    copied = lab.copy_notebooks(tmp_path)
    assert (names(copied.new), names(copied.kept)) == (SHIPPED[1:], SHIPPED[:1])
    assert (tmp_path / SHIPPED[0]).read_text() == "mine"


def test_a_place_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="name another folder"):
        lab.copy_notebooks(tmp_path / "file")


def test_without_a_checkout_the_installed_ones_are_found(tmp_path, monkeypatch):
    installed = [importlib.metadata.PackagePath(f"../../../share/leadanalytics/notebooks/{name}") for name in SHIPPED]
    other = importlib.metadata.PackagePath("leadanalytics/schema.py")
    for path in (*installed, other):
        path.dist = importlib.metadata.PathDistribution(tmp_path / "lib" / "python" / "site-packages" / "l.dist-info")
    monkeypatch.setattr(lab, "IN_PROJECT", tmp_path / "nowhere")
    monkeypatch.setattr(importlib.metadata, "files", lambda _: [other, *installed])
    assert names(lab.find_notebooks()) == SHIPPED


def test_the_extra_that_is_missing_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    with pytest.raises(SystemExit) as ended:
        main(["lab", str(tmp_path / "mine")])
    assert ended.value.code == 2
    assert "pip install 'leadanalytics[notebooks]'" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running(folder, port):
    """Run the command with a JupyterLab that listens on this machine only, and end it as Ctrl-C does."""
    command = [sys.executable, "-c", "from leadanalytics.cli import main; main()", "lab", str(folder)]
    settings = {name: str(folder.parent / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    with subprocess.Popen(
        [*command, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"],
        env=os.environ | settings | {"JUPYTER_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def listed(port, *, seconds=60):
    """Return the names in the folder that the server shows, as soon as it answers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/contents", headers={"Authorization": f"token {TOKEN}"}
    )
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                return [each["name"] for each in json.load(answer)["content"]]
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.notebooks
def test_jupyterlab_shows_the_copy(tmp_path, port):
    folder = tmp_path / "mine"
    with running(folder, port) as process:
        assert set(SHIPPED) <= set(listed(port))
        assert f"{len(SHIPPED)} notebooks copied to {folder}" in process.stdout.readline()
