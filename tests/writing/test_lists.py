import pandas as pd
import pytest

from leadanalytics.errors import FrameError, WriteError
from leadanalytics.writing import write_leads


@pytest.fixture
def leads():
    return pd.DataFrame(
        {
            "record_id": ["a", "b", "c", "d"],
            "is_test": [False, True, False, True],
            "do_not_contact": [False, False, True, True],
        }
    )


def test_every_row_is_in_one_of_the_two_files(leads, tmp_path):
    written = write_leads(leads, tmp_path / "leads.csv")
    assert written == (tmp_path / "leads.csv", 1, tmp_path / "leads_left_out.csv", 3)
    assert pd.read_csv(written.path)["record_id"].tolist() == ["a"]
    left_out = pd.read_csv(written.left_out_path)
    assert list(left_out.columns) == ["reason", "record_id", "is_test", "do_not_contact"]
    assert left_out["reason"].tolist() == ["test lead", "do not contact", "test lead"]


@pytest.mark.parametrize(("suffix", "read"), [(".xlsx", pd.read_excel), (".parquet", pd.read_parquet)])
def test_the_suffix_is_the_format_of_both(leads, tmp_path, suffix, read):
    written = write_leads(leads, tmp_path / f"leads{suffix}")
    assert read(written.path)["record_id"].tolist() == ["a"]
    assert read(written.left_out_path)["record_id"].tolist() == ["b", "c", "d"]


def test_the_second_file_may_be_elsewhere_and_of_another_format(leads, tmp_path):
    written = write_leads(leads, tmp_path / "leads.xlsx", left_out=tmp_path / "aside" / "others.parquet")
    assert len(pd.read_parquet(tmp_path / "aside" / "others.parquet")) == written.left_out_rows == 3


def test_a_second_file_of_an_older_list_is_replaced(leads, tmp_path):
    write_leads(leads, tmp_path / "leads.csv")
    written = write_leads(leads.iloc[:1], tmp_path / "leads.csv")
    assert written.left_out_rows == 0
    assert written.left_out_path.read_text("utf-8-sig").splitlines() == ["reason,record_id,is_test,do_not_contact"]


def test_customers_without_flags_are_all_written(tmp_path):
    written = write_leads(pd.DataFrame({"customer_id": ["x", "y"]}), tmp_path / "customers.csv")
    assert (written.rows, written.left_out_rows) == (2, 0)


def test_a_flag_may_be_missing_but_not_text(tmp_path):
    flags = pd.Series([True, None, False], dtype=object)
    written = write_leads(pd.DataFrame({"do_not_contact": flags}), tmp_path / "customers.csv")
    assert (written.rows, written.left_out_rows) == (2, 1)
    with pytest.raises(FrameError, match="'do_not_contact' must be true or false"):
        write_leads(pd.DataFrame({"do_not_contact": ["False", "True"]}), tmp_path / "customers.csv")


def test_rows_already_left_out_once_keep_one_reason(leads, tmp_path):
    again = leads.assign(reason="an older one")
    left_out = pd.read_csv(write_leads(again, tmp_path / "leads.csv").left_out_path)
    assert left_out["reason"].tolist() == ["test lead", "do not contact", "test lead"]


def test_both_lists_cannot_be_one_file(leads, tmp_path):
    with pytest.raises(WriteError, match="name another file"):
        write_leads(leads, tmp_path / "leads.csv", left_out=tmp_path / "." / "leads.csv")


def test_neither_file_changes_when_the_second_cannot_be_written(leads, tmp_path):
    first = write_leads(leads, tmp_path / "leads.csv").path.read_bytes()
    (tmp_path / "others.csv").mkdir()
    with pytest.raises(WriteError, match=r"others\.csv"):
        write_leads(leads.iloc[:0], tmp_path / "leads.csv", left_out=tmp_path / "others.csv")
    assert (tmp_path / "leads.csv").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["leads.csv", "leads_left_out.csv", "others.csv"]


def test_the_input_is_not_changed(leads, tmp_path):
    before = leads.copy(deep=True)
    write_leads(leads, tmp_path / "leads.csv")
    pd.testing.assert_frame_equal(leads, before)
