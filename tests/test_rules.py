import copy
import json
import pickle
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
import pytest

from leadanalytics.errors import OptionError
from leadanalytics.rules import Rules


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Toy(Rules):
    section = "toy"
    renamed: ClassVar = {"hue": "colour"}

    colour: str = "red"
    sizes: tuple[int, ...] = ()

    def _checked(self):
        return {"colour": self.colour.lower(), "sizes": list(self.sizes)}


def test_rules_are_their_own_plain_values():
    assert Toy(colour="BLUE") == {"colour": "blue", "sizes": []}
    assert Toy(colour="BLUE").colour == "blue"
    assert repr(Toy(colour="blue")) == "Toy(colour='blue')"


def test_rules_travel_in_attrs_and_into_parquet_and_back(tmp_path):
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["toy"] = Toy(sizes=(1, 2))
    assert frame.assign(b=2).attrs["toy"] is frame.attrs["toy"]
    frame.to_parquet(tmp_path / "a.parquet")
    assert Toy.read(pd.read_parquet(tmp_path / "a.parquet").attrs["toy"]) == Toy(sizes=(1, 2))
    assert json.loads(json.dumps(Toy())) == Toy()


def test_rules_are_frozen_and_copied_as_they_are():
    rules = Toy(colour="blue")
    with pytest.raises(TypeError, match=r"frozen; rules\.changed"):
        rules["colour"] = "green"
    with pytest.raises(AttributeError):
        rules.colour = "green"
    assert rules.changed(colour="green").colour == "green"
    assert copy.deepcopy(rules) is rules
    assert pickle.loads(pickle.dumps(rules)) == rules
    assert hash(rules) == hash(Toy(colour="blue"))


def test_an_unknown_choice_is_named_with_the_one_that_was_meant():
    with pytest.raises(OptionError, match="no choice 'color'; did you mean 'colour'"):
        Toy.read(color="blue")
    with pytest.raises(OptionError, match="it is called 'colour' now"):
        Toy.read({"hue": "blue"})
    with pytest.raises(OptionError, match="rules is a Toy; found 3"):
        Toy.read(3)


def test_rules_are_read_from_their_table_of_a_toml_file(tmp_path):
    path = tmp_path / "project.toml"
    path.write_text('sources = ["exports"]\n[toy]\ncolour = "blue"\n', encoding="utf-8")
    assert Toy.from_toml(path).colour == "blue"
    path.write_text('colour = "green"\n', encoding="utf-8")
    assert Toy.from_toml(path).colour == "green"
    path.write_text("colour = \n", encoding="utf-8")
    with pytest.raises(OptionError, match=r"project\.toml is not a TOML file"):
        Toy.from_toml(path)
    with pytest.raises(OptionError, match=r"no file .other\.toml."):
        Toy.from_toml(tmp_path / "other.toml")
