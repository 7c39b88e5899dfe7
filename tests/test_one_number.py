"""One definition, one number: for the same leads and the same rules every door gives the same counts."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from listed_offers import write_leads_of_offers

import leadanalytics as la
from leadanalytics.cli import main
from leadanalytics.funnels import split_funnels

COUNTS = ["n", "open", "dropped", "entered", "bypass", "with_lead", "skipped", "left_out"]
CHOICES = {
    "window": [None, "3 days", "14 days", "30 days", "90 days"],
    "gap": [None, "10 days"],
    "entry": ["best", "first"],
    "start": ["first", "any"],
    "prefer": ["earliest", "latest"],
    "ties": ["forward", "strict"],
    "order": ["ordered", "ordered", "strict", "any"],
    "as_of": [None, "2024-03-31"],
    "dates": [(None, None), ("2024-02-01", "2024-04-01")],
    "excluding": [(), (), ("Contact me",)],
    "policy": ["chain", "unit"],
    "funnel": [None, None, None, "acquisition"],
    "zone": ["UTC", "Europe/Berlin"],
}


def random_rules(seed):
    """Return rules whose choices mean something together."""
    rng = np.random.default_rng(seed)
    drawn = {name: values[rng.integers(len(values))] for name, values in CHOICES.items()}
    if drawn["order"] == "any":
        drawn |= {"gap": None, "excluding": (), "start": "first", "ties": "forward"}
    if not drawn["excluding"]:
        drawn["policy"] = "chain"
    return la.FunnelRules(**drawn)


def as_toml(rules):
    """Return rules as the table of a TOML file; what is None there is as by default, but for the window."""
    lines = ["[funnel]"]
    for name, value in rules.items():
        if name == "dates" and value == [None, None]:
            continue
        if name == "window" and value is None:
            value = "none"
        if value is not None:
            lines.append(f"{name} = {str(value).replace(chr(39), chr(34)) if isinstance(value, list) else repr(value)}")
    text = "\n".join(lines)
    tomllib.loads(text)
    return text


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("feed")
    path, offers = write_leads_of_offers(folder, seed=7)
    vocabulary = la.load_vocabulary(offers=offers)
    return path, offers, vocabulary, la.load_leads(path, vocabulary=vocabulary)


def in_order(counts):
    """Return the counts of each offer in one order, whichever door they came from."""
    counts = counts.astype({"offer_id": "str", "funnel": "str", "stage": "str"})
    columns = [*COUNTS, *(["excluded"] if "excluded" in counts.columns else [])]
    columns = [column for column in columns if column in counts.columns]
    return counts.sort_values(["offer_id", "funnel", "step"])[["offer_id", "stage", *columns]].reset_index(drop=True)


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert ended.value.code == 0


@pytest.mark.parametrize("seed", range(20))
def test_every_door_counts_each_offer_alike(feed, seed, tmp_path, capsys):
    path, offers, vocabulary, leads = feed
    rules = random_rules(seed)
    funnels = la.build_funnels(leads, rules, vocabulary=vocabulary)
    expected = la.count_stages(funnels, by="offer_id")
    if "funnel" not in expected.columns:
        expected = expected.assign(funnel="")
    expected = in_order(expected)
    assert len(expected)

    pd.testing.assert_frame_equal(in_order(la.count_offers(leads, rules, vocabulary=vocabulary)), expected)

    (tmp_path / "rules.toml").write_text(as_toml(rules), encoding="utf-8")
    common = (path, "--offers", offers, "--rules", tmp_path / "rules.toml")
    run("funnel", *common, "--by", "offer", "--out", tmp_path / "funnel.csv")
    pd.testing.assert_frame_equal(in_order(pd.read_csv(tmp_path / "funnel.csv")), expected)
    run("run", *common, "--out", tmp_path / "out")
    pd.testing.assert_frame_equal(in_order(pd.read_csv(tmp_path / "out" / "funnel.csv")), expected)

    panel = la.explore(leads, rules.changed(dates=(None, None)), vocabulary=vocabulary).panel
    same = la.build_funnels(leads, rules, dates=(None, None), vocabulary=vocabulary)
    shown = la.count_stages(panel.selected.funnels.drop(columns="offer_name"), by="offer_id")
    plain = la.count_stages(same, by="offer_id")
    pd.testing.assert_frame_equal(shown[COUNTS[:5]], plain[COUNTS[:5]])

    from leadanalytics.report.findings import find

    told = find(leads, rules, freq=None, tz=rules.zone, with_people=False, rejects=None, vocabulary=vocabulary)
    pd.testing.assert_frame_equal(in_order(told.counts), expected)


@pytest.mark.parametrize("seed", range(0, 20, 4))
def test_explanations_and_the_list_to_follow_up_rest_on_the_same_units(feed, seed):
    _, _, vocabulary, leads = feed
    rules = random_rules(seed)
    funnels = la.build_funnels(leads, rules, vocabulary=vocabulary)
    customers = leads["customer_id"].dropna().unique()[:12]
    parts = []
    for customer in customers:
        told = la.explain_funnel(leads, customer, rules, vocabulary=vocabulary)
        parts += [part[["customer_id", "offer_id", "depth", "status"]] for _, part in split_funnels(told.funnels)]
    explained = pd.concat(parts).astype("str").sort_values(["customer_id", "offer_id", "depth", "status"])
    counted = funnels.loc[funnels["customer_id"].isin(customers), ["customer_id", "offer_id", "depth", "status"]]
    counted = counted.astype("str").sort_values(["customer_id", "offer_id", "depth", "status"])
    pd.testing.assert_frame_equal(explained.reset_index(drop=True), counted.reset_index(drop=True))

    todo = la.follow_up_list(leads, rules, vocabulary=vocabulary)
    can_go_on = funnels.loc[funnels["status"] == "open", "customer_id"].nunique()
    assert (todo["status"] == "open").sum() <= can_go_on
    assert set(todo.loc[todo["status"] == "open", "customer_id"]) <= set(funnels["customer_id"])
    # Also those whose leads all came after as_of.
    assert len(todo) + sum(todo.attrs["left_out"].values()) == leads["customer_id"].nunique()
