from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadanalytics.errors import RejectsWarning, TableError, WriteError
from leadanalytics.reading import read_leads
from leadanalytics.reading.azure_table import dataset
from leadanalytics.reading.azure_table.dataset import (
    FILE,
    clear_remains,
    discard_scans,
    folder_name,
    merge_pages,
    open_dataset,
    scan_folder,
    write_dataset,
)
from leadanalytics.reading.azure_table.landing import Scan, land_page, landed_pages
from leadanalytics.reading.azure_table.origins import Origin

ORIGIN = Origin("contoso", "MarketplaceLeads")
SCAN = Scan(ORIGIN)
SINCE = Scan(ORIGIN, since="2024-02-27T05:41:09Z")
KEY_SCAN = Scan(ORIGIN, keys_only=True)
WATERMARK = "2024-02-27T05:50:00Z"


def lead(number, *, time=1, **properties):
    return {
        "PartitionKey": "2:2F27:2F2024",
        "RowKey": f"r{number}",
        "Timestamp": f"2024-02-27T05:41:09.{time:07d}Z",
        "ActionCode": "INS",
        "CustomerInfo": '{"Email": "ana@example.com"}',
        "LeadSource": "AzureMarketplace-INS|contoso.app",
        **properties,
    }


def land(folder, *rows, scan=SCAN, name="rows"):
    place = scan_folder(folder, name)
    names = dict.fromkeys(["PartitionKey", "RowKey", *(name for row in rows for name in row)])
    rows = pa.table({name: pa.array([row.get(name) for row in rows], pa.large_string()) for name in names})
    land_page(place, 0, rows, scan=scan, started=None, token=None)
    return landed_pages(place)


def merge(folder, *rows, scan=SCAN, keys=None, drop_gone=False):
    key_pages = keys and land(folder, *keys, scan=KEY_SCAN, name="keys")
    pages = land(folder, *rows, scan=scan)
    return merge_pages(folder, pages, key_pages, watermark=WATERMARK, drop_gone=drop_gone).tally


def row_keys(folder):
    return pq.read_table(folder / FILE)["RowKey"].to_pylist()


def test_a_folder_that_is_missing_or_empty_holds_no_copy_yet(tmp_path):
    assert open_dataset(tmp_path) is None
    assert open_dataset(tmp_path / "none") is None


def test_the_copy_knows_what_it_is_and_reads_as_leads(tmp_path):
    merge(tmp_path, lead(2), lead(1, Description="Campaigns: spring", time=3))
    copy = open_dataset(tmp_path)
    assert (copy.origin, copy.watermark, copy.rows) == (ORIGIN, WATERMARK, 2)
    assert copy.columns == (
        "PartitionKey",
        "RowKey",
        "Timestamp",
        "ActionCode",
        "CustomerInfo",
        "Description",
        "LeadSource",
    )
    raw = read_leads(tmp_path)
    assert raw["record_id"].tolist() == ["2:2F27:2F2024/r1", "2:2F27:2F2024/r2"]
    assert raw["received"].tolist() == ["2024-02-27T05:41:09.0000003Z", "2024-02-27T05:41:09.0000001Z"]
    assert raw["description"].tolist()[0] == "Campaigns: spring"


def test_the_copy_of_an_empty_table_reads_as_no_leads(tmp_path):
    merge(tmp_path)
    with pytest.warns(RejectsWarning, match="holds no lead: 0 leads"):
        assert len(read_leads(tmp_path)) == 0
    merge(tmp_path, lead(1))
    assert len(read_leads(tmp_path)) == 1


def test_new_properties_become_columns_and_old_ones_stay(tmp_path):
    merge(tmp_path, lead(1, ProductId="app"))
    merge(tmp_path, lead(2, OfferDisplayName="App"), scan=SINCE)
    rows = pq.read_table(tmp_path / FILE).to_pylist()
    assert [(row["ProductId"], row["OfferDisplayName"]) for row in rows] == [("app", None), (None, "App")]


def test_merging_twice_changes_nothing(tmp_path):
    merge(tmp_path, lead(1), lead(2))
    merge(tmp_path, lead(2, time=2), lead(3), scan=SINCE)
    before = (tmp_path / FILE).read_bytes()
    tally = merge(tmp_path, lead(2, time=2), lead(3), scan=SINCE)
    assert (tally.new, tally.changed, tally.total) == (0, 0, 3)
    assert (tmp_path / FILE).read_bytes() == before


def test_only_a_scan_of_everything_or_of_the_keys_tells_what_is_gone(tmp_path):
    merge(tmp_path, lead(1), lead(2), lead(3))
    assert merge(tmp_path, lead(4), scan=SINCE).gone == 0
    assert merge(tmp_path, lead(3), lead(4)).gone == 2
    assert row_keys(tmp_path) == ["r1", "r2", "r3", "r4"]
    assert merge(tmp_path, lead(5), scan=SINCE, keys=[lead(3), lead(5)], drop_gone=True).gone == 3
    assert row_keys(tmp_path) == ["r3", "r5"]
    assert merge(tmp_path, lead(5), drop_gone=True).gone == 1
    assert row_keys(tmp_path) == ["r5"]


def test_many_small_merges_do_not_cut_the_file_to_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset, "BATCH", 4)
    for number in range(9):
        merge(tmp_path, lead(number), scan=SINCE)
    metadata = pq.ParquetFile(tmp_path / FILE).metadata
    assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [4, 4, 1]


@pytest.mark.parametrize(
    ("prepare", "found"),
    [
        (lambda folder: (folder / "export.csv").write_text("a"), "other files, such as 'export.csv'"),
        (lambda folder: (folder / FILE).write_bytes(b"PAR1"), "damaged or of another origin"),
        (lambda folder: pq.write_table(pa.table({"RowKey": ["1"]}), folder / FILE), "damaged or of another origin"),
    ],
)
def test_what_is_no_copy_is_never_replaced(tmp_path, prepare, found):
    prepare(tmp_path)
    with pytest.raises(TableError, match=found):
        open_dataset(tmp_path)


def test_a_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "copy").write_text("")
    with pytest.raises(TableError, match="'copy' is no local copy of a table; found a file"):
        open_dataset(tmp_path / "copy")


def test_a_copy_that_is_damaged_inside_is_named_and_left_alone(tmp_path):
    merge(tmp_path, *(lead(number) for number in range(9)))
    path = tmp_path / FILE
    damaged = bytearray(path.read_bytes())
    damaged[4:400] = bytes(396)
    path.write_bytes(damaged)
    with pytest.raises(TableError, match=r"is damaged; remove 'entities\.parquet' there, and sync again"):
        merge(tmp_path, lead(1, time=2), scan=SINCE)
    assert path.read_bytes() == damaged


def test_a_copy_that_cannot_be_replaced_is_named(tmp_path):
    (tmp_path / FILE / "in the way").mkdir(parents=True)
    with pytest.raises(WriteError, match=r"entities\.parquet cannot be replaced"):
        write_dataset(tmp_path, [], columns=["RowKey"], state={})


def test_a_folder_is_called_by_its_name():
    assert folder_name(Path("a/leads")) == "'leads'"
    assert folder_name(Path()) == "'.'"


def test_a_copy_of_another_version_is_left_alone(tmp_path, monkeypatch):
    merge(tmp_path, lead(1))
    monkeypatch.setattr(dataset, "VERSION", 2)
    with pytest.raises(TableError, match="a copy of version 1; this is version 2"):
        open_dataset(tmp_path)


def test_scans_are_forgotten_as_a_whole_and_remains_are_removed(tmp_path):
    land(tmp_path, lead(1))
    land(tmp_path, lead(1), scan=KEY_SCAN, name="keys")
    half = scan_folder(tmp_path, "rows") / ".00000001-0a1b2c3d.parquet"
    for remains in (half, tmp_path / ".sync" / FILE):
        remains.write_bytes(b"half")
    (tmp_path / ".sync" / "done" / "rows").mkdir(parents=True)
    clear_remains(tmp_path)
    assert len(landed_pages(scan_folder(tmp_path, "rows"))) == 1
    assert sorted(path.name for path in (tmp_path / ".sync").iterdir()) == ["scan"]
    assert not half.exists()
    discard_scans(tmp_path)
    discard_scans(tmp_path)
    assert list((tmp_path / ".sync").iterdir()) == []
