import dataclasses

import pyarrow as pa
import pyarrow.parquet as pq

from leadanalytics.reading.azure_table.landing import (
    Scan,
    drop_others,
    is_complete,
    land_page,
    landed_pages,
)
from leadanalytics.reading.azure_table.origins import Origin

ORIGIN = Origin("contoso", "MarketplaceLeads")
SCAN = Scan(ORIGIN, since="2024-02-27T05:41:09Z")
STARTED = "Tue, 27 Feb 2024 06:00:00 GMT"
ROWS = pa.table({"PartitionKey": ["a"], "RowKey": ["1"]})


def land(folder, *tokens, scan=SCAN):
    return [
        land_page(folder, number, ROWS, scan=scan, started=STARTED, token=token) for number, token in enumerate(tokens)
    ]


def token(number):
    return {"NextPartitionKey": f"p{number}", "NextRowKey": "r"}


def test_a_scan_asks_for_rows_at_the_watermark_too():
    assert SCAN.filter == "Timestamp ge datetime'2024-02-27T05:41:09Z'"
    assert SCAN.select is None
    keys = Scan(ORIGIN, keys_only=True)
    assert keys.filter is None
    assert keys.select == ("PartitionKey", "RowKey")


def test_pages_come_back_as_they_landed(tmp_path):
    written = land(tmp_path, token(1), token(2))
    assert landed_pages(tmp_path) == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000000.parquet", "00000001.parquet"]


def test_a_folder_that_is_not_there_holds_no_page(tmp_path):
    assert landed_pages(tmp_path / "none") == []
    assert not is_complete([])


def test_only_the_last_page_of_a_scan_makes_it_whole(tmp_path):
    assert not is_complete(land(tmp_path, token(1), token(2)))
    assert is_complete(land(tmp_path, token(1), None))


def test_pages_after_a_damaged_or_missing_one_do_not_count(tmp_path):
    pages = land(tmp_path, *map(token, range(4)))
    pages[3].path.write_bytes(pages[3].path.read_bytes()[:-40])
    assert len(landed_pages(tmp_path)) == 3
    pages[1].path.unlink()
    assert len(landed_pages(tmp_path)) == 1


def test_pages_that_do_not_count_are_removed(tmp_path):
    pages = land(tmp_path, *map(token, range(3)))
    pages[2].path.write_bytes(b"damaged")
    assert drop_others(tmp_path, pages[:1]) == 1
    assert landed_pages(tmp_path) == pages[:1]
    assert list(tmp_path.iterdir()) == [pages[0].path]


def test_an_empty_page_lands_with_its_token(tmp_path):
    nothing = pa.RecordBatch.from_pydict({})
    land_page(tmp_path, 0, nothing, scan=SCAN, started=None, token=token(1))
    (page,) = landed_pages(tmp_path)
    assert (page.rows, page.columns, page.token) == (0, (), token(1))


def test_pages_of_another_scan_do_not_count(tmp_path):
    land(tmp_path, token(1), token(2))
    other = dataclasses.replace(SCAN, since=None)
    land_page(tmp_path, 1, ROWS, scan=other, started=STARTED, token=None)
    assert len(landed_pages(tmp_path)) == 1


def test_pages_of_another_version_do_not_count(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("leadanalytics.reading.azure_table.landing.VERSION", 0)
        land(tmp_path, token(1))
    assert landed_pages(tmp_path) == []


def test_a_file_that_is_no_page_does_not_count(tmp_path):
    pq.write_table(ROWS, tmp_path / "00000000.parquet")
    assert landed_pages(tmp_path) == []
