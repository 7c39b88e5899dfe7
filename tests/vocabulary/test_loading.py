import shutil

import pandas as pd
import pytest

from leadanalytics.errors import OptionError, VocabularyError
from leadanalytics.vocabulary import load_vocabulary
from leadanalytics.vocabulary.loading import COLUMNS, SHIPPED


def test_every_action_of_the_documentation_reaches_its_stage():
    assert load_vocabulary().stage_of == {
        "StartTestDrive": "Test drive",
        "INS": "Get it now",
        "PLT": "Contact me",
        "FreeTrial": "Free trial",
        "Create": "Install",
        "IN": "Get it now",
        "TS": "Test drive",
        "TD": "Test drive",
        "Package Installation": "Install",
    }


def test_a_source_may_name_only_an_action_there_is(tmp_path):
    (tmp_path / "sources.csv").write_text(
        "source,label,marketplace,written_as,action\nMine,Mine,,,CALL\n", encoding="utf-8"
    )
    with pytest.raises(VocabularyError, match=r"actions.csv lacks; found 'CALL'"):
        load_vocabulary(tmp_path)


def test_only_dnc_forbids_contact():
    actions = load_vocabulary().actions
    assert actions.loc[actions["do_not_contact"], "action"].tolist() == ["DNC"]


def test_the_steps_of_a_funnel_come_in_order_with_the_stages_that_serve_them():
    assert list(load_vocabulary().steps("acquisition")) == ["Test drive", "Get it now", "Install"]
    assert load_vocabulary().steps("overall")["Install or purchase"] == ("Install", "Purchase")


def test_an_unknown_funnel_is_an_error_with_the_near_miss():
    with pytest.raises(OptionError, match="did you mean 'free_trial'"):
        load_vocabulary().steps("fre_trial")


def test_stages_are_ordered_by_rank():
    dtype = load_vocabulary().stage_dtype
    assert dtype.ordered
    assert list(dtype.categories) == ["Test drive", "Free trial", "Contact me", "Get it now", "Install", "Purchase"]


def test_the_edition_of_2018_has_the_funnels_and_the_order_of_the_first_page():
    seed = load_vocabulary(edition="2018")
    assert list(seed.steps("acquisition")) == ["Test drive", "Get it now", "Install"]
    assert list(seed.steps("appsource")) == ["Test drive", "Get it now", "Contact me"]
    assert seed.steps("active")["Install or contact me"] == ("Install", "Contact me")
    assert set(seed.funnels["funnel"]) == {"acquisition", "appsource", "active", "appexchange"}
    assert list(seed.stage_dtype.categories) == ["Test drive", "Get it now", "Contact me", "Install"]
    assert seed.stage_of["PLT"] == "Contact me" and "FreeTrial" not in seed.stage_of
    assert not set(seed.routes["route"]) & {"contact_me", "appsource_ins_unknown"}


def test_the_edition_of_2019_is_what_is_read_today():
    today, named = load_vocabulary(), load_vocabulary(edition="2019")
    for table in ("stages", "funnels", "routes", "route_proofs"):
        pd.testing.assert_frame_equal(getattr(named, table), getattr(today, table))
    assert named.stage_of == today.stage_of


def test_an_unknown_edition_is_an_error_with_those_that_there_are():
    with pytest.raises(OptionError, match="edition is one of '2018', '2019'; found '2020'"):
        load_vocabulary(edition="2020")


def test_problems_come_worst_first():
    assert load_vocabulary().problems["severity"].is_monotonic_increasing


def test_one_cell_of_a_users_copy_reads_ins_as_install(tmp_path):
    text = (SHIPPED / "actions.csv").read_text(encoding="utf-8")
    (tmp_path / "actions.csv").write_text(
        text.replace("INS,Get it now,Get it now", "INS,Get it now,Install"), encoding="utf-8"
    )
    assert load_vocabulary(tmp_path).stage_of["INS"] == "Install"
    assert load_vocabulary(tmp_path).sources.equals(load_vocabulary().sources)


def test_a_whole_copy_of_the_folder_changes_nothing(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "codes")
    copied, shipped = load_vocabulary(tmp_path / "codes"), load_vocabulary()
    assert all(getattr(copied, table).equals(getattr(shipped, table)) for table in COLUMNS)


def test_a_folder_without_tables_is_an_error(tmp_path):
    with pytest.raises(VocabularyError, match=r"holds no table of codes; copy one of sources\.csv"):
        load_vocabulary(tmp_path)


def test_a_table_without_a_column_is_an_error(tmp_path):
    (tmp_path / "actions.csv").write_text("action,stage\nINS,Install\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match="lacks the column label, do_not_contact, meaning; found action, stage"):
        load_vocabulary(tmp_path)


def test_an_action_cannot_reach_a_stage_that_is_not_there(tmp_path):
    text = (SHIPPED / "actions.csv").read_text(encoding="utf-8")
    (tmp_path / "actions.csv").write_text(text.replace(",Install,", ",Instal,"), encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"names a stage that stages\.csv lacks; found 'Instal'"):
        load_vocabulary(tmp_path)


def changed(table, old, new, folder):
    """Put a copy of a shipped table into a folder, with one text in place of another."""
    text = (SHIPPED / f"{table}.csv").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{table}.csv").write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("actions", "Create,Purchase,Install", "Create,Purchase,Instal", r"found 'Instal'; did you mean 'Install'"),
        ("routes", "free_trial_list,free trial listing,free_trial,", "free_trial_list,x,fre_trial,", "'free_trial'"),
        ("route_codes", "vm_usage,INS,", "vm_usge,INS,", r"route that routes.csv lacks.* did you mean 'vm_usage'"),
        ("route_codes", "vm_usage,INS,", "vm_usage,IMS,", r"an action that actions.csv lacks; found 'IMS'"),
        ("route_proofs", "appsource_ins_unknown,azure,", "appsource_ins_unknown,azur,", "did you mean 'azure'"),
        ("follow_ups", "Purchase,14", "Purchased,14", "follow_ups.csv names a stage .* did you mean 'Purchase'"),
        ("stages", "Install,5,", "Install,2,", "takes Get it now before Install, but their ranks do not rise"),
        (
            "funnels",
            "purchase,3,Purchase,Purchase",
            "purchase,3,Purchase,Install",
            "reaches Purchase, which is no step",
        ),
        ("stages", "Purchase,6,bought the product,2019-08-01,", "Purchase,6,x,2019-08-01,2020-01-01", "lacks today"),
        ("actions", "2019-08-01,\nPLT", "2019-07-01,\nPLT", "hold at one time; found INS"),
        ("actions", "2019-08-01", "1.8.2019", r"valid_from holds days; found '1.8.2019'; write it like 2024-06-30"),
        ("stages", "Install,5,", "Install,five,", "rank holds numbers; found 'five'"),
        ("stages", "Install,5,", ",5,", "stages.csv has a row without stage"),
    ],
)
def test_tables_that_contradict_each_other_are_refused(tmp_path, table, old, new, said):
    changed(table, old, new, tmp_path)
    with pytest.raises(VocabularyError, match=said):
        load_vocabulary(tmp_path)


def test_the_offers_of_a_publisher_from_a_file_or_a_frame(tmp_path):
    (tmp_path / "mine.csv").write_text("offer_id,route,valid_from\ndesk,contact_me,2024-01-01\n", encoding="utf-8")
    offers = load_vocabulary(offers=tmp_path / "mine.csv").offers
    frame = pd.DataFrame({"offer_id": ["desk"], "route": "contact_me", "valid_from": [pd.Timestamp("2024-01-01")]})
    pd.testing.assert_frame_equal(load_vocabulary(offers=frame).offers, offers)
    assert offers["valid_from"].tolist() == [pd.Timestamp("2024-01-01", tz="UTC")]
    assert offers["title"].isna().all()


@pytest.mark.parametrize(
    ("offers", "said"),
    [
        (["desk,contact-me,"], "offers.csv names a route that routes.csv lacks.* did you mean 'contact_me'"),
        (["desk,contact_me,", "desk,vm_usage,"], "two rows of one name that hold at one time; found desk"),
        (["desk,contact_me,2024-02-30"], "valid_from holds days; found '2024-02-30'"),
        ([",contact_me,"], "a row without offer_id"),
    ],
)
def test_offers_that_cannot_be_are_refused(tmp_path, offers, said):
    text = "\n".join(["offer_id,route,valid_from", *offers])
    (tmp_path / "offers.csv").write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match=said):
        load_vocabulary(tmp_path)


def test_a_file_of_offers_that_is_missing_is_named():
    with pytest.raises(VocabularyError, match=r"there is no file 'mine\.csv' of offers; a CSV file with the columns"):
        load_vocabulary(offers="mine.csv")


def test_an_edition_leaves_out_listings_that_it_does_not_know():
    offers = pd.DataFrame({"offer_id": ["vm", "app"], "route": ["vm_usage", "contact_me"]})
    assert load_vocabulary(edition="2018", offers=offers).offers["offer_id"].tolist() == ["vm"]


def test_a_funnel_of_another_edition_is_refused_with_that_edition():
    with pytest.raises(OptionError, match="'appsource' is of another edition of the codes; edition='2018'"):
        load_vocabulary().steps("appsource")
    with pytest.raises(OptionError, match="'contact_me' is of another edition of the codes; leave out edition"):
        load_vocabulary(edition="2018").steps("contact_me")
