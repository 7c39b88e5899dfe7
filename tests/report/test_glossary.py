import pandas as pd

from leadanalytics.report.glossary import FILE, explain_terms

STAGES = pd.DataFrame({"stage": ["Install", "Test drive"], "meaning": ["deployed it", "tried it"]})


def test_only_terms_that_the_page_uses_are_explained():
    told = dict(explain_terms("<p>A nowcast of the funnel</p>", steps=["Install"], stages=STAGES))
    assert list(told) == ["Funnel", "Install", "Nowcast"]
    assert told["Install"] == "The customer deployed it"


def test_a_step_that_is_no_stage_explains_itself():
    assert explain_terms("", steps=["Install or contact me"], stages=STAGES) == []


def test_terms_are_found_across_spaces_that_do_not_break():
    assert [term for term, _ in explain_terms("95\N{NO-BREAK SPACE}% interval", steps=[], stages=STAGES)] == [
        "95 % interval"
    ]


def test_meanings_end_without_a_stop_for_the_page_sets_it():
    assert not pd.read_csv(FILE)["meaning"].str.endswith(".").any()
