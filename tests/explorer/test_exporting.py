import pandas as pd
import pytest

from leadanalytics.errors import WriteError
from leadanalytics.explorer.exporting import export_customers, say_written

CUSTOMERS = pd.DataFrame({"customer_id": ["C-1", "C-2"], "email": ["=1+1", "b@example.com"]})
CUSTOMERS["do_not_contact"] = [False, True]


def test_everybody_is_written_or_left_out_with_the_reason(tmp_path):
    written = export_customers(CUSTOMERS, f" {tmp_path / 'new' / 'list.csv'} ")
    said = say_written(written, len(CUSTOMERS))
    assert said.startswith("2 customers = 1 written to ")
    assert "1 left out (1 do not contact)" in said
    assert pd.read_csv(written.path)["email"].tolist() == ["'=1+1"]
    assert pd.read_csv(written.left_out_path)["reason"].tolist() == ["do not contact"]


def test_a_path_that_no_system_has_is_refused():
    with pytest.raises(WriteError, match="NUL"):
        export_customers(CUSTOMERS, "exports/\0list.csv")


@pytest.mark.parametrize("path", ["", "list", "list.parquet"])
def test_a_list_for_people_has_a_format_for_people(path):
    with pytest.raises(WriteError, match=r"\.csv or \.xlsx"):
        export_customers(CUSTOMERS, path)
