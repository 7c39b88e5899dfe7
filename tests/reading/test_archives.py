import gzip
import io
import zipfile

import pytest

from leadanalytics.errors import ReadError
from leadanalytics.reading import archives
from leadanalytics.reading.archives import is_archive, unpack
from leadanalytics.reading.paths import Source

TEXT = b"LeadSource,ActionCode\nSPZA,INS\n"


def zipped(members, **options):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", **options) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return data.getvalue()


def members(data, origin="a.zip"):
    stream = io.BytesIO(data)
    source = Source(origin, lambda: stream, is_named=True)
    return {member.origin: (member.open().read(), member.is_named) for member in unpack(source, stream)}


def test_members_of_a_zip_archive_by_name_and_nothing_hidden():
    names = ["b.csv", "a.csv", "in/c.csv", "in/", ".hidden.csv", "__MACOSX/a.csv", "in/.git/d.csv"]
    data = zipped({name: b"" if name.endswith("/") else TEXT for name in names})
    assert members(data) == dict.fromkeys(["a.zip/a.csv", "a.zip/b.csv", "a.zip/in/c.csv"], (TEXT, False))


def test_a_name_that_points_out_of_the_archive_is_but_a_name(tmp_path):
    data = zipped({"../../evil.csv": TEXT, "/etc/evil.csv": TEXT})
    assert list(members(data)) == ["a.zip/../../evil.csv", "a.zip/etc/evil.csv"]
    assert list(tmp_path.iterdir()) == []


def test_a_gzip_file_keeps_its_name_and_can_be_read_twice():
    stream = io.BytesIO(gzip.compress(TEXT, mtime=0))
    (member,) = unpack(Source("a.csv.gz", lambda: stream, is_named=True), stream)
    opened = member.open()
    assert (member.origin, member.is_named, opened.read(5)) == ("a.csv.gz", True, b"LeadS")
    opened.seek(0)
    assert opened.read() == TEXT


def test_an_archive_without_files_is_an_error():
    with pytest.raises(ReadError, match=r"'a\.zip' holds no file"):
        members(zipped({"in/": b"", ".DS_Store": b"x"}))
    with pytest.raises(ReadError, match="holds no file"):
        members(zipped({}))


def encrypted(data):
    """An archive that says of its only member that it is encrypted, in both of the places."""
    damaged = bytearray(data)
    damaged[6] |= 1
    damaged[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(damaged)


def with_broken_member(data):
    place = data.index(b"a.csv") + 5
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (encrypted(zipped({"a.csv": TEXT})), r"'a\.zip/a\.csv' is protected by a password"),
        (with_broken_member(zipped({"a.csv": TEXT})), r"'a\.zip/a\.csv' is a damaged archive"),
        (zipped({"a.csv": TEXT * 100}, compression=zipfile.ZIP_DEFLATED)[:-30], r"'a\.zip' is a damaged archive"),
        (b"PK\x03\x04" + bytes(100), r"'a\.zip' is a damaged archive"),
        (gzip.compress(TEXT, mtime=0)[:-9], r"'a\.zip' is a damaged archive"),
        (gzip.compress(TEXT, mtime=0)[:10] + b"\xff" * 20, r"'a\.zip' is a damaged archive"),
    ],
)
def test_what_cannot_be_unpacked_is_a_clear_error(data, complaint):
    with pytest.raises(ReadError, match=complaint):
        members(data)


@pytest.mark.parametrize(
    "data", [gzip.compress(bytes(3_000_000)), zipped({"a.csv": bytes(3_000_000)}, compression=zipfile.ZIP_DEFLATED)]
)
def test_an_archive_that_would_fill_the_memory_is_refused(monkeypatch, data):
    monkeypatch.setattr(archives, "_LARGEST", 1_000_000)
    with pytest.raises(ReadError, match=r"more than 200 times its size; .* if you trust it, unpack it yourself"):
        members(data)
    monkeypatch.setattr(archives, "_LARGEST", 4_000_000)
    assert [len(data) for data, _ in members(data).values()] == [3_000_000]


def test_an_archive_is_told_from_its_first_bytes():
    assert [is_archive(data) for data in (zipped({}), zipped({"a": b""}), gzip.compress(b"", mtime=0), TEXT)] == [
        True,
        True,
        True,
        False,
    ]
