from report_cases import found, leads_of, stories

from leadanalytics.report.offer_view import view_offers


def rows_of(*sizes):
    return [
        (f"C-{offer}-{number}", f"offer{offer}", "Azure Marketplace", "Get it now", 1, False, False)
        for offer, size in enumerate(sizes)
        for number in range(size)
    ]


def test_the_largest_offers_are_drawn_and_all_are_in_the_table():
    (shown,) = view_offers(found(leads_of(rows_of(1, 3, 2))).stories, most=2)
    assert [name for name, _ in shown.panels] == ["Offer1", "Offer2"]
    assert [row[0] for row in shown.table.rows] == ["Offer1", "Offer2", "Offer0"]


def test_what_is_not_drawn_is_said_in_words():
    (shown,) = view_offers(found(leads_of(rows_of(1, 3, 2))).stories, most=1)
    said = shown.rest.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Not drawn: the 2 smaller offers are in the table below, with 3 customers, 50 % of all."


def test_nothing_is_said_where_all_are_drawn():
    assert [shown.rest for shown in view_offers(stories(), most=20)] == ["", ""]


def test_no_offer_need_be_drawn():
    assert [shown.panels for shown in view_offers(stories(), most=0)] == [[], []]
