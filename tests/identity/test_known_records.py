from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from leadanalytics.errors import ReadError
from leadanalytics.identity.increments import Choices, take_in
from leadanalytics.identity.known_records import (
    FILES,
    find_accounts,
    find_customers,
    find_near,
    find_records,
    nothing_known,
    read_known,
    take_records,
    write_known,
)

PEOPLE = pd.DataFrame(
    {
        "record_id": ["r0", "r1", "r2"],
        "first_name": ["Ana", "Li", "Ana"],
        "last_name": ["Ruiz", "Chen", "Ruiz"],
        "email": ["ana@contoso.example", "li@contoso.example", "ana@example.org"],
        "created_at": pd.to_datetime(["2024-03-01", None, "2024-03-02"], utc=True),
    }
)


@pytest.fixture
def known():
    return take_in(nothing_known(), PEOPLE, Choices()).known


def keys(known, *rows):
    return known.records.take(list(rows)).to_pandas()


def test_it_is_the_same_after_writing_and_reading(known, tmp_path):
    write_known(tmp_path / "new", known)
    again = read_known(tmp_path / "new")
    assert again.records.equals(known.records)
    assert again.customers.equals(known.customers)
    assert (again.updates, again.rarity.leads) == (1, 3)


def test_no_folder_is_nothing_known(tmp_path):
    assert read_known(tmp_path).records.num_rows == 0


def test_files_that_do_not_belong_together_are_refused(known, tmp_path):
    write_known(tmp_path, known)
    old = (tmp_path / FILES[1]).read_bytes()
    write_known(tmp_path, take_in(known, PEOPLE.head(0), Choices()).known)
    (tmp_path / FILES[1]).write_bytes(old)
    with pytest.raises(ReadError, match="do not belong together"):
        read_known(tmp_path)
    (tmp_path / FILES[1]).unlink()
    with pytest.raises(ReadError, match="only records"):
        read_known(tmp_path)


def test_records_are_found_by_what_they_share(known):
    assert find_records(known.records, pd.Series(["r1", "nobody"])).tolist() == [1]
    assert find_near(known.records, keys(known, 0)).tolist() == [0, 2]  # the name
    assert find_accounts(known.records, keys(known, 0)).tolist() == [0, 1]
    assert find_customers(known.records, keys(known, 1)["customer_id"]).tolist() == [1]


def test_records_come_back_as_they_were_given(known):
    taken = take_records(known.records, [2, 0], ("record_id", "email", "created_at"))
    pd.testing.assert_frame_equal(taken, PEOPLE.loc[[2, 0], taken.columns].reset_index(drop=True).astype(taken.dtypes))


def test_keys_are_digests(known):
    kinds = {str(known.records.schema.field(name).type) for name in known.records.column_names if "key_" in name}
    assert kinds == {"uint64"}
    assert isinstance(known.records, pa.Table)
