import pandas as pd
import pytest

import leadanalytics as la
from leadanalytics.explorer.selection import Choice, Selection, select_units

FUNNELS = pd.DataFrame(
    {
        "offer_id": ["vm", "vm", "app", None],
        "country": ["DE", "Germany", "FR", None],
        "company": ["Contoso Ltd", "CONTOSO", "Fabrikam", None],
        "campaign": ["spring", None, "spring", None],
    }
)


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ({}, [True, True, True, True]),
        ({"offer": Choice("Virtual Machine", ("vm",))}, [True, True, False, False]),
        ({"storefront": Choice("AppSource", ("app", "vm"))}, [True, True, True, False]),
        ({"country": Choice("Germany (DE)", ("DE", "Germany"))}, [True, True, False, False]),
        ({"campaign": Choice("spring", ("spring",))}, [True, False, True, False]),
        ({"company": "contoso"}, [True, True, False, False]),
        ({"company": ".*"}, [False, False, False, False]),
        ({"campaign": Choice("spring", ("spring",)), "company": "fab"}, [False, False, True, False]),
    ],
)
def test_a_choice_keeps_the_units_that_entered_with_it(choice, kept):
    assert select_units(FUNNELS, Selection(**choice)).tolist() == kept


def test_the_funnels_carry_what_is_looked_at_beside_the_unit():
    chosen = {"offer": Choice("App", ("app",)), "company": "contoso"}
    assert Selection(**chosen).columns == ["company"]
    assert Selection(**chosen, rules=la.FunnelRules(unit="customer_id")).columns == ["offer_id", "company"]


def test_it_says_what_it_narrows_to():
    assert (Selection().words, Selection().title) == ("", None)
    assert Selection(company="con").title == "Company with “con”"
    assert Selection(offer=Choice("App", ("app",)), company="con").words == "offer App, company with “con”"
