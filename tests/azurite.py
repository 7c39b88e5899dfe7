"""A real table service on this machine: Azurite, Microsoft's emulator, from the npm registry."""

import contextlib
import ipaddress
import itertools
import os
import signal
import socket
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta

import pytest
from azure.data.tables import TableClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from npm_packages import node, required_package
from table_endpoint import made_leads

VERSION = "3.35.0"
HOME = os.environ.get("AZURITE_HOME")  # a folder to install into, other than the cache of the tests
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
    package = required_package("azurite", VERSION, variable="LEADANALYTICS_REQUIRE_AZURITE", home=HOME)
    script = package / "dist" / "src" / "table" / "main.js"
    command = [node(), str(script), "--tablePort", str(port), "--disableTelemetry", "--silent", *options]
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
