import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.errors import FrameError, OptionError
from leadanalytics.recipes import complete_leads, count_each_offer


def identified(rows):
    columns = [
        "record_id",
        "created_at",
        "stage",
        "marketplace",
        "offer_id",
        "customer_id",
        "is_test",
        "do_not_contact",
    ]
    leads = pd.DataFrame(rows, columns=columns)
    stages = la.load_vocabulary().stage_dtype
    return leads.assign(
        created_at=pd.to_datetime(leads["created_at"], utc=True),
        stage=leads["stage"].astype(stages),
        offer_name="The " + leads["offer_id"],
        source=pd.Categorical(["AzureMarketplace"] * len(leads)),
        match_rule=pd.Categorical(["alone"] * len(leads)),
        **dict.fromkeys(("first_name", "last_name", "email", "phone", "country", "company", "title"), "x"),
    )


LEADS = identified(
    [
        ("r1", "2024-01-01", "Test drive", None, "vm", "C-1", False, False),
        ("r2", "2024-01-02", "Get it now", "Azure Marketplace", "vm", "C-1", False, False),
        ("r3", "2024-01-03", "Install", "Azure Marketplace", "vm", "C-1", False, False),
        ("r4", "2024-01-04", "Get it now", "AppSource", "app", "C-2", False, False),
        ("r5", "2024-01-05", "Contact me", "AppSource", "vm", "C-2", False, False),
        ("r6", "2024-01-06", None, "AppSource", "app", "C-3", False, True),
        ("r7", "2024-01-07", "Get it now", "Azure Marketplace", "app", None, True, False),
    ]
)


def test_leads_are_decoded_and_identified_where_that_was_still_to_do():
    raw = la.make_leads(customers=20, seed=1)
    decoded = la.decode_leads(raw)
    known = la.identify_customers(decoded)
    for leads in (raw, decoded, known):
        assert complete_leads(leads)["customer_id"].equals(known["customer_id"])


def test_completed_leads_have_every_column_and_keep_the_customers_that_they_have():
    assert complete_leads(LEADS)["customer_id"].equals(LEADS["customer_id"].astype("str"))
    assert complete_leads(LEADS)["problem"].isna().all()


@pytest.mark.parametrize("given", [pd.DataFrame({"colour": ["red"]}), [1, 2]])
def test_what_holds_no_leads_cannot_be_completed(given):
    with pytest.raises(FrameError):
        complete_leads(given)


def test_the_list_holds_customers_first_and_test_leads_last():
    people = la.list_customers(LEADS)
    assert people["customer_id"].tolist()[:3] == ["C-1", "C-2", "C-3"]
    assert people["is_test"].tolist() == [False, False, False, True]
    assert people["record_ids"].iloc[-1] == "r7"


def shown(counts):
    return set(counts[["funnel", "offer_id"]].itertuples(index=False, name=None))


def test_an_offer_is_counted_in_each_of_its_branches():
    assert shown(la.count_offers(LEADS)) == {
        ("acquisition", "vm"),
        ("contact_me", "vm"),
        ("get_it_now without Test drive", "app"),
    }


def test_counts_per_offer_carry_the_name_and_the_numbers_of_the_funnel():
    counts = la.count_offers(LEADS)
    vm = counts[(counts["offer_id"] == "vm") & (counts["funnel"] == "acquisition")]
    assert vm["n"].tolist() == [1, 1, 1]
    assert set(vm["offer_name"]) == {"The vm"}
    assert counts["offer_name"].is_monotonic_increasing


def test_one_funnel_for_every_offer():
    counts = la.count_offers(LEADS, funnel="overall")
    assert shown(counts) == {("overall", "vm"), ("overall", "app")}
    counts = la.count_offers(LEADS, funnel=["Test drive", "Get it now"])
    assert shown(counts) == {("own steps", "vm"), ("own steps", "app")}


def test_offers_of_other_storefronts_are_counted_by_what_their_codes_prove():
    counts = la.count_offers(LEADS.assign(marketplace="Other shop"))
    assert shown(counts) == {
        ("acquisition", "vm"),
        ("contact_me", "vm"),
        ("acquisition without Test drive and Install", "app"),
    }


def test_the_publisher_says_how_an_offer_is_listed():
    offers = pd.DataFrame({"offer_id": ["vm"], "route": ["dynamics_licence"]})
    counts = la.count_offers(LEADS, vocabulary=la.load_vocabulary(offers=offers))
    assert {funnel for funnel, offer in shown(counts) if offer == "vm"} == {"get_it_now", "contact_me", "acquisition"}


def test_every_funnel_says_what_it_counted():
    counts = la.count_offers(LEADS, window="2 days")
    definitions = counts.attrs["definitions"]
    assert set(definitions) == set(counts["funnel"])
    assert definitions["get_it_now without Test drive"].startswith("Customers per offer who took Get it now, as of")
    assert definitions["contact_me"].startswith(
        "Customers per offer who took Test drive, then Contact me within 2 days"
    )
    assert counts.attrs["rules"].window == "2 days"


def test_funnels_that_are_built_already_give_the_same_counts():
    funnels = la.build_funnels(LEADS, entry="first")
    pd.testing.assert_frame_equal(count_each_offer(funnels), la.count_offers(LEADS, {"entry": "first"}))


def test_the_counts_of_offers_need_a_unit_with_the_offer():
    with pytest.raises(OptionError, match=r"names offer_id; found unit=\['customer_id'\]"):
        la.count_offers(LEADS, unit="customer_id")


def test_leads_without_customers_are_an_error_that_names_the_step():
    with pytest.raises(FrameError, match=r"make one with identify_customers\(leads\)"):
        la.count_offers(LEADS.drop(columns="customer_id"))


def test_loading_says_the_whole_sentence(tmp_path):
    LEADS.drop(columns=["customer_id", "match_rule"]).assign(
        lead_source="AzureMarketplace-INS|contoso.vm", action_code="INS", created="2024-01-01T00:00:00Z"
    ).to_csv(tmp_path / "leads.csv", index=False)
    leads = la.load_leads(tmp_path / "leads.csv")
    assert len(leads) == len(LEADS)
    assert {"stage", "customer_id"} <= set(leads.columns)


def test_loading_tells_how_far_each_step_is(tmp_path):
    la.write_samples(tmp_path, raw=la.make_leads(customers=20, seed=1))
    told = []
    leads = la.load_leads(tmp_path, progress=lambda step, rows: told.append((step, rows)))
    assert told[2:4] == [("Reading", len(leads)), ("Decoding", len(leads))]
    assert told[-1][0] == "Naming customers and companies"


def test_customers_and_test_leads_show_one_spelling_of_a_country():
    leads = LEADS.assign(country=["US", "USA", "United States", "U.S.A.", "us", "Atlantis", "USA"])
    assert la.list_customers(leads)["country"].tolist() == [
        "United States",
        "United States",
        "Atlantis",
        "United States",
    ]
