import pytest
from lead_frames import leads_of, person

from leadanalytics.errors import FrameError
from leadanalytics.identity import MatchRules, customer_of, explain_customer, explain_pair, identify_customers
from leadanalytics.identity.rules import METHODS

PHONE = "020 7946 0018"
ANA = person("Ana Ruiz", country="ES")
CHAIN = (
    ANA | {"email": "ana@example.com"},
    ANA | {"email": "ana@example.com", "phone": PHONE},
    ANA | {"phone": PHONE},
)


def links(explanation):
    return explanation.frame[["outcome", "record_id", "other_record_id"]].values.tolist()


def test_a_customer_is_joined_by_the_strongest_tree_the_weakest_link_first():
    leads = identify_customers(leads_of(*CHAIN))
    told = explain_customer(leads, leads["customer_id"].iloc[0])
    assert links(told) == [["linked", "r2", "r3"], ["linked", "r1", "r2"]]
    assert told.frame["bits"].is_monotonic_increasing
    assert told.confidence == pytest.approx(1 / (1 + 2 ** -told.frame["bits"].iloc[0]))
    assert told.records["record_id"].tolist() == ["r1", "r2", "r3"]


def test_the_nearest_other_customer_is_named_with_what_keeps_it_apart():
    leads = identify_customers(leads_of(CHAIN[0], CHAIN[0], ANA, person("Ana Chen", country="ES")))
    told = explain_customer(leads, leads["customer_id"].iloc[0])
    nearest = told.frame.iloc[-1]
    assert nearest["outcome"] == "not linked"
    assert (nearest["record_id"], nearest["other_record_id"]) == ("r1", "r3")
    assert nearest["other_customer_id"] == leads["customer_id"].iloc[2]
    assert nearest["kept_apart_by"] == "nothing but a name in common"


def test_what_a_user_joined_is_not_put_down_to_evidence():
    leads = identify_customers(leads_of(ANA, person("Li Chen")), same=[("r1", "r2")])
    told = explain_customer(leads, leads["customer_id"].iloc[0])
    assert links(told) == [["you said so", "r1", "r2"]]
    assert told.confidence == 1
    assert links(explain_pair(leads, "r1", "r2")) == [["you said so", "r1", "r2"]]


def test_the_way_between_two_records_may_lead_over_what_a_user_joined():
    known = ANA | {"email": "ana@example.com"}
    leads = identify_customers(leads_of(known, known, person("Li Chen")), same=[("r3", "r1")])
    assert links(explain_pair(leads, "r2", "r3")) == [
        ["you said so", "r1", "r3"],
        ["linked", "r1", "r2"],
        ["not linked", "r2", "r3"],
    ]


def test_somebody_alone_has_no_reasons():
    leads = identify_customers(leads_of(ANA))
    told = explain_customer(leads, leads["customer_id"].iloc[0])
    assert (len(told.frame), len(told.records)) == (0, 1)


def test_a_pair_is_linked_directly():
    leads = identify_customers(leads_of(*CHAIN))
    told = explain_pair(leads, "r2", "r1")
    assert links(told) == [["linked", "r2", "r1"]]
    assert told.verdict.startswith("one customer, C-")


def test_a_pair_is_linked_through_the_records_between():
    leads = identify_customers(leads_of(*CHAIN))
    assert links(explain_pair(leads, "r1", "r3")) == [
        ["linked", "r2", "r3"],
        ["linked", "r1", "r2"],
        ["not linked", "r1", "r3"],
    ]


def test_a_pair_of_strangers_says_what_is_missing():
    leads = identify_customers(leads_of(ANA | {"title": "CTO"}, ANA | {"title": "CTO", "company": "Alpine"}, ANA))
    told = explain_pair(leads, "r1", "r3")
    assert told.verdict == "two customers"
    assert links(told) == [["not linked", "r1", "r3"]]


KNOWN = ANA | {"email": "ana@example.com", "phone": PHONE}
CROWD = [ANA | {"company": f"{one * 3}{other * 3} Works"} for one in "bcdfgh" for other in "klmnp"]
SLIPS = [person("Ana " + "a" * at + "b" * (16 - at), phone=PHONE) for at in range(16)]


@pytest.mark.parametrize(
    ("people", "rules", "records", "reason"),
    [
        ([KNOWN, KNOWN], {"threshold": 40}, "r1 r2", "bits below the threshold of 40"),
        ([KNOWN, person("Li Chen", email="ana@example.com")], {}, "r1 r2", "the whole name contradicts"),
        ([KNOWN, KNOWN], {"different": [("r2", "r1")]}, "r1 r2", "you said that they are two people"),
        ([ANA, ANA], {"different": [("r2", "r1")]}, "r1 r2", "you said that they are two people"),
        ([KNOWN, KNOWN, KNOWN], {"different": [("r2", "r3")]}, "r1 r3", "you said that r2 and r3 are two people"),
        (SLIPS, {}, "r1 r2", "the size limit: with links below 8 bits"),
        (
            [ANA | {"company": "Nordlicht Systems"}, *CROWD, ANA | {"company": "Nordlicht System"}],
            {},
            "r1 r32",
            "not compared, as too many leads share",
        ),
        (
            [
                person("Jonathan Smithson", email="jonathan.smithson@contoso.example"),
                person("Jonathen Smithsan", email="jonathen.smithson@contoso.example"),
            ],
            {},
            "r1 r2",
            "not compared, as they share none",
        ),
        ([ANA, KNOWN], {"method": "keys"}, "r1 r2", "no key agrees: needed is the same e-mail, phone and name, or"),
    ],
)
def test_the_reason_why_two_records_are_two_customers_is_the_true_one(people, rules, records, reason):
    leads = identify_customers(leads_of(*people), rules)
    told = explain_pair(leads, *records.split())
    assert told.verdict == "two customers"
    assert told.frame["kept_apart_by"].iloc[0].count(reason) == 1


def test_the_nearest_customer_is_kept_apart_by_the_rules_that_made_both():
    leads = identify_customers(leads_of(KNOWN, KNOWN, CHAIN[2]), threshold=14)
    nearest = explain_customer(leads, leads["customer_id"].iloc[0]).frame.iloc[-1]
    assert (nearest["bits"] > 0, nearest["kept_apart_by"].split("bits ")[1]) == (True, "below the threshold of 14")
    asked = explain_customer(leads, leads["customer_id"].iloc[0], threshold=20).frame.iloc[-1]
    assert asked["kept_apart_by"].endswith("below the threshold of 20")


def test_customers_from_elsewhere_are_explained_by_rules_that_are_given():
    leads = leads_of(KNOWN, KNOWN, customer_id=["C-1", "C-2"])
    with pytest.raises(FrameError, match="lost their attrs"):
        explain_pair(leads, "r1", "r2")
    with pytest.raises(FrameError, match="lost their attrs"):
        explain_customer(leads, "C-1")
    because = [explain_pair(leads, "r1", "r2", MatchRules(method=name)).frame["kept_apart_by"][0] for name in METHODS]
    assert because == ["these leads and rules would make them one customer, so customer_id comes from others"] * 2


def test_pairs_of_records_that_are_not_there_any_more_are_no_reason():
    leads = identify_customers(leads_of(KNOWN, KNOWN, KNOWN), different=[("r1", "r3")])
    assert links(explain_pair(leads.head(2), "r1", "r2")) == [["linked", "r1", "r2"]]


def test_keys_are_explained_by_the_keys_that_agree():
    leads = identify_customers(leads_of(*CHAIN), method="keys")
    told = explain_pair(leads, "r1", "r3")
    assert links(told) == [["linked", "r1", "r2"], ["linked", "r2", "r3"], ["not linked", "r1", "r3"]]
    assert told.frame["reason"].tolist()[:2] == [
        "same e-mail; no usable phone and name; no usable name and company",
        "same phone and name; no usable e-mail; no usable name and company",
    ]
    assert told.frame["bits"].isna().all()


def test_keys_within_a_customer_from_elsewhere_join_it_whoever_else_has_them():
    leads = leads_of(KNOWN, KNOWN, KNOWN, customer_id=["C-1", "C-2", "C-2"])
    told = explain_customer(leads, "C-2", method="keys")
    assert links(told) == [["linked", "r2", "r3"], ["not linked", "r2", "r1"]]


def test_rarity_is_that_of_all_leads():
    others = [person(f"{name} Ruiz", email=f"{name}@example.org") for name in ("bo", "cy", "di", "ed", "flo", "gus")]
    few, many = (identify_customers(leads_of(ANA, ANA, *more)) for more in ([], others * 20))
    bits = [explain_pair(leads, "r1", "r2").frame["name"].iloc[0] for leads in (few, many)]
    assert bits[0] != bits[1]


def test_the_version_of_a_record_that_speaks_most_for_it_counts():
    leads = identify_customers(leads_of(ANA, ANA | {"email": "ana@example.com"}, ANA | {"email": "ana@example.com"}))
    leads["record_id"] = ["r1", "r1", "r2"]
    leads["customer_id"] = "C-1"
    assert links(explain_pair(leads, "r1", "r2")) == [["linked", "r1", "r2"]]


@pytest.mark.parametrize("ask", [explain_customer, customer_of])
def test_an_unknown_id_is_answered_with_the_most_similar(ask):
    leads = identify_customers(leads_of(ANA).assign(record_id="record-1"))
    known = leads["customer_id"].iloc[0] if ask is explain_customer else "record-1"
    with pytest.raises(FrameError, match=f"found 1 .*did you mean '{known}'"):
        ask(leads, known[:-1] + "#")
    with pytest.raises(FrameError, match=r"found 1 [a-z]+$"):
        ask(leads, "?")


def test_nobodys_record_and_a_record_beside_itself_are_no_pair():
    leads = identify_customers(leads_of(ANA, ANA, is_test=[False, True]))
    with pytest.raises(FrameError, match="belongs to no customer"):
        explain_pair(leads, "r1", "r2")
    with pytest.raises(FrameError, match="another"):
        explain_pair(leads, "r1", "r1")


def test_leads_need_customers():
    with pytest.raises(FrameError, match="identify_customers"):
        explain_customer(leads_of(ANA), "C-1")
