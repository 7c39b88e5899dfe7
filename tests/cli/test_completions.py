import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadanalytics.cli import completions
from leadanalytics.reading import load_layouts
from leadanalytics.vocabulary import load_vocabulary
from leadanalytics.writing import load_targets

COMMAND = [sys.executable, "-c", "from leadanalytics.cli import main; main()"]


def offered(*words):
    """What bash would offer for the last word of a command line; it asks as the script of the completion does."""
    asked = {
        "_LEADANALYTICS_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["leadanalytics", *words]),
        "COMP_CWORD": str(len(words)),
    }
    return subprocess.run(COMMAND, env=os.environ | asked, capture_output=True, text=True, check=True).stdout.split()


def test_layouts_are_those_that_there_are():
    assert completions.layouts("") == sorted(layout.name for layout in load_layouts())


def test_readers_are_people_programs_and_every_crm():
    assert completions.readers("") == sorted(["data", "spreadsheet", *load_targets()])


def test_funnels_are_named_once():
    assert completions.funnels("") == sorted({"own", *load_vocabulary().funnels["funnel"]})


def test_time_zones_begin_as_typed():
    assert completions.time_zones("Europe/Ber") == ["Europe/Berlin"]


def test_a_choice_is_one_of_its_names():
    assert completions.one_of("forward", "strict")("s") == ["strict"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["rev"], ["review"]),
        (["customers", "exports", "--for", "sales"], ["salesforce", "salesforce_data_loader"]),
        (["funnel", "exports", "--by", "c"], ["campaign", "company", "country"]),
        (["audit", "exports", "--layout", "hub"], ["hubspot"]),
        (["run", "exports", "--funnel", "app"], ["appexchange"]),
        (["audit", "exports", "--tz", "Asia/Tok"], ["Asia/Tokyo"]),
        (["report", "exports", "--funnel", "co"], ["contact_me"]),
        (["report", "exports", "--zone", "Europe/Berl"], ["Europe/Berlin"]),
        (["report", "exports", "--freq", "W"], ["W-MON"]),
    ],
)
def test_bash_offers_commands_and_values(words, names):
    assert set(offered(*words)) == set(names)


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash on this machine")
def test_the_script_works_in_bash():
    # The shell is named: to detect it, the command would read the process tree, which changes in parallel tests.
    named = os.environ | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    script = subprocess.run(
        [*COMMAND, "--show-completion", "bash"], env=named, capture_output=True, text=True, check=True
    ).stdout
    asked = f"""{script}
COMP_WORDS=(leadanalytics cust)
COMP_CWORD=1
_leadanalytics_completion {Path(sys.executable).with_name("leadanalytics")}
echo "${{COMPREPLY[*]}}"
"""
    assert subprocess.run(["bash"], input=asked, capture_output=True, text=True, check=True).stdout == "customers\n"
