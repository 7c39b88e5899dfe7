"""Lists that were written for a CRM, read back: the same customers."""

import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.schema import CUSTOMER_FIELDS

TARGETS = {
    "dynamics365": ("xlsx", "dynamics365"),
    "salesforce": ("csv", "salesforce"),
    "salesforce_data_loader": ("csv", "salesforce_api"),
    "marketo": ("csv", "marketo"),
    "hubspot": ("csv", "hubspot"),
}


@pytest.fixture(scope="module")
def customers():
    leads = la.sample_leads().pipe(la.decode_leads).pipe(la.identify_customers)
    return la.list_customers(leads)


def fields_of(frame):
    """The customers' fields as sets of rows; blanks around a value are not written."""
    texts = frame[list(CUSTOMER_FIELDS)].astype(object).where(frame[list(CUSTOMER_FIELDS)].notna(), "")
    return sorted(tuple(str(value).strip() for value in row) for row in texts.itertuples(index=False))


@pytest.mark.parametrize("target", TARGETS)
def test_a_crm_export_gives_back_the_same_customers(target, customers, tmp_path):
    suffix, layout = TARGETS[target]
    written = la.write_leads(customers, tmp_path / f"customers.{suffix}", for_=target)
    assert written.rows + written.left_out_rows == len(customers)
    leads = la.load_leads(written.paths)
    assert set(leads["layout"]) == {layout}
    assert len(leads) == written.rows
    assert leads["customer_id"].nunique() == written.rows
    left_out = pd.read_csv(written.left_out_path, dtype=str)["customer_id"]
    kept = customers[~customers["is_test"] & ~customers["customer_id"].isin(left_out)]
    # Where a CRM needs a last name, somebody's only name is that.
    only_first = kept["last_name"].isna() & kept["first_name"].notna()
    if layout.startswith(("dynamics365", "salesforce")):
        kept = kept.assign(
            last_name=kept["last_name"].where(~only_first, kept["first_name"]),
            first_name=kept["first_name"].where(~only_first),
        )
    assert fields_of(leads) == fields_of(kept)
    days = pd.to_datetime(kept["first_at"]).dt.floor("D")
    assert sorted(leads["created_at"].dropna()) == sorted(days.dropna())
