import pytest

from leadanalytics.errors import ReadError
from leadanalytics.reading.files import read_file
from leadanalytics.reading.layouts import load_layouts
from leadanalytics.reading.paths import find_files

CSV = b"LeadSource,ActionCode\nSPZA,INS\n"
JSON = b'{"UserDetails": {}, "LeadSource": "SPZA"}'


def read(path):
    (source,) = find_files(path)
    return list(read_file(source, load_layouts()))


@pytest.mark.parametrize(("name", "data", "layout"), [("a.parquet", CSV, "https_flat"), ("b.csv", JSON, "https")])
def test_what_a_file_is_is_told_from_its_content_never_from_its_name(tmp_path, name, data, layout):
    (tmp_path / name).write_bytes(data)
    ((origin, contents),) = read(tmp_path / name)
    assert origin == name
    assert contents.parts[0].layout.name == layout


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (bytes(range(256)) * 40, "found a binary file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200) + b"\x01\x02\x03" * 200, "found a binary file"),
        (b"%PDF-1.7", "found a PDF document"),
    ],
)
def test_a_file_that_is_no_text_is_a_clear_error(tmp_path, data, complaint):
    (tmp_path / "leads.csv").write_bytes(data)
    with pytest.raises(ReadError, match=complaint):
        read(tmp_path / "leads.csv")


def test_a_file_of_zeros_is_a_binary_file(tmp_path):
    (tmp_path / "leads.csv").write_bytes(bytes(5_000))
    with pytest.raises(ReadError, match="a binary file"):
        read(tmp_path / "leads.csv")
