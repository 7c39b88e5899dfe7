import shutil

import pytest

from leadanalytics.errors import OptionError, VocabularyError
from leadanalytics.vocabulary import load_vocabulary
from leadanalytics.vocabulary.loading import SHIPPED


def test_every_action_of_the_documentation_reaches_its_stage():
    stages = load_vocabulary().actions.set_index("action")["stage"].dropna().to_dict()
    assert stages == {
        "StartTestDrive": "Test drive",
        "INS": "Get it now",
        "PLT": "Contact me",
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
    assert load_vocabulary().steps("active")["Install or contact me"] == ("Install", "Contact me")


def test_an_unknown_funnel_is_an_error_with_the_near_miss():
    with pytest.raises(OptionError, match="did you mean 'appsource'"):
        load_vocabulary().steps("appsorce")


def test_stages_are_ordered_by_rank():
    dtype = load_vocabulary().stage_dtype
    assert dtype.ordered
    assert list(dtype.categories) == ["Test drive", "Get it now", "Contact me", "Install"]


def test_problems_come_worst_first():
    assert load_vocabulary().problems["severity"].is_monotonic_increasing


def test_one_cell_of_a_users_copy_reads_ins_as_install(tmp_path):
    text = (SHIPPED / "actions.csv").read_text(encoding="utf-8")
    (tmp_path / "actions.csv").write_text(
        text.replace("INS,Get it now,Get it now", "INS,Get it now,Install"), encoding="utf-8"
    )
    actions = load_vocabulary(tmp_path).actions.set_index("action")
    assert actions.loc["INS", "stage"] == "Install"
    assert load_vocabulary(tmp_path).sources.equals(load_vocabulary().sources)


def test_a_whole_copy_of_the_folder_changes_nothing(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "codes")
    copied, shipped = load_vocabulary(tmp_path / "codes"), load_vocabulary()
    assert all(getattr(copied, table).equals(getattr(shipped, table)) for table in vars(shipped))


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
