import pandas as pd
import pytest

from leadanalytics.branches import in_each_funnel, split_funnels, step_labels
from leadanalytics.errors import FrameError
from leadanalytics.funnels import build_funnels

TIMES = pd.to_datetime(["2024-06-01", "2024-06-02", "2024-06-03"], utc=True)


@pytest.fixture
def funnels():
    leads = pd.DataFrame({"customer_id": "ann", "offer_id": ["crane", "crane", "desk"], "created_at": TIMES})
    return build_funnels(leads.assign(stage=["Test drive", "Get it now", "Contact me"]))


def test_each_funnel_has_its_own_rows_steps_and_definition(funnels):
    parts = dict(split_funnels(funnels))
    assert {name: part.attrs["steps"] for name, part in parts.items()} == {
        "acquisition without Install": ["Test drive", "Get it now"],
        "contact_me without Test drive": ["Contact me"],
    }
    assert all("funnels" not in part.attrs for part in parts.values())
    assert "Contact me" not in parts["acquisition without Install"].columns
    assert sum(map(len, parts.values())) == len(funnels)


def test_a_funnel_without_a_row_is_left_out_unless_none_has_one(funnels):
    assert [name for name, _ in split_funnels(funnels[funnels["offer_id"] == "desk"])] == [
        "contact_me without Test drive"
    ]
    assert len(split_funnels(funnels[:0])) == 2


def test_a_frame_of_one_funnel_is_its_own_part():
    frame = pd.DataFrame({"depth": [1]})
    frame.attrs["funnel"] = "acquisition"
    ((name, part),) = split_funnels(frame)
    assert name == "acquisition"
    assert part is frame


def test_an_answer_about_each_funnel_stands_behind_its_name(funnels):
    counted = in_each_funnel(funnels, lambda part: pd.DataFrame({"rows": [len(part)]}))
    assert counted["funnel"].tolist() == ["acquisition without Install", "contact_me without Test drive"]
    assert counted["rows"].tolist() == [1, 1]


def test_the_steps_of_several_funnels_are_refused_with_the_cure(funnels):
    with pytest.raises(FrameError, match=r"of several funnels.*funnels\[funnels\['funnel'\] == "):
        step_labels(funnels)
    assert step_labels(funnels[funnels["offer_id"] == "desk"]) == ["Contact me"]
    with pytest.raises(FrameError, match="lost its attrs"):
        step_labels(pd.DataFrame({"depth": [1]}))
