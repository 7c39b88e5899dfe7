"""The lines that say what was assumed of the times of a file."""

import pandas as pd
import pytest

from leadanalytics.decoding import decode_leads
from leadanalytics.errors import AssumptionWarning


def lines(*rows):
    raw = pd.DataFrame([{"record_id": str(number), **row} for number, row in enumerate(rows)])
    with pytest.warns(AssumptionWarning) as caught:
        decode_leads(raw.assign(lead_source="AzureMarketplace-INS|contoso.desk"))
    return [str(warning.message) for warning in caught]


def test_an_assumed_order_is_said_with_the_share_of_its_file_and_what_settles_it():
    sure = {"created": "2024-02-27T05:41:09Z", "origin": "a.csv"}
    (line,) = lines(*[sure] * 8, *[{"created": "3/4/2024", "origin": "a.csv"}] * 2, sure | {"origin": "b.csv"})
    assert line == (
        "'a.csv': 20 % of 10 times are dates such as 3/4/2024, and nothing tells the day from the month; month first "
        "was assumed. Say which it is: date_order='day_first' or 'month_first', or --date-order day_first"
    )


def test_the_order_of_a_file_that_contradicts_itself_is_the_one_of_the_frame():
    rows = [{"created": day, "date_order": "day_first"} for day in ("27/02/2024", "2/27/2024", "3/4/2024")]
    (line,) = lines(*rows)
    assert "33 % of 3 times" in line
    assert "day first was assumed" in line


def test_times_of_another_column_are_said_with_the_shape_of_the_text_that_is_no_time():
    row = {"created": "Ana 27h02", "received": "2024-02-27T05:41Z"}
    (line,) = lines(row, row | {"received": "2024-02-29T05:41Z", "partition_key": "2:2F2:2F2024"})
    assert "the records: 100 % of 2 times do not come from the column of the created time" in line
    assert "no usable time, such as 'aaa 99a99'. Taken instead: the " in line
    assert {"the time at which the record was stored", "the date of the partition"} <= set(
        line.split("instead: ")[1].split(". ")[0].split(" or ")
    )
    assert line.endswith("columns={'My column': 'created'}, or --map 'My column=created'")
    (line,) = lines({"partition_key": "2:2F2:2F2024"})
    assert "which is missing or empty" in line


def test_after_five_files_the_others_are_counted():
    *named, rest = lines(*({"created": "3/4/2024", "origin": f"{number}.csv"} for number in range(8)))
    assert [line[1:6] for line in named] == ["0.csv", "1.csv", "2.csv", "3.csv", "4.csv"]
    assert rest == "the same holds for 3 more files; see the column problem"
