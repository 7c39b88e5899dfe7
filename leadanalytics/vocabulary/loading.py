"""The tables of codes, read from `codes/*.csv` or from a user's copy of that folder."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from leadanalytics.errors import VocabularyError, check_option

SHIPPED = Path(__file__).parent / "codes"

# Each table and the columns that it must have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sources": ("source", "label", "marketplace", "written_as", "action"),
    "actions": ("action", "label", "stage", "do_not_contact", "meaning"),
    "stages": ("stage", "rank", "meaning"),
    "funnels": ("funnel", "step", "label", "stage", "marketplace"),
    "problems": ("problem", "severity", "meaning", "what_to_do"),
    "follow_ups": ("stage", "up_to_days", "follow_up"),
}


@dataclass(frozen=True)
class Vocabulary:
    """What the codes mean.

    Attributes
    ----------
    sources : DataFrame
        source, label, marketplace (missing where the channel serves both), written_as (spellings joined by ';'), action
        (that of a lead which names the source alone, where there is one).
    actions : DataFrame
        action, label, stage (missing where the action reaches none), do_not_contact (bool), meaning.
    stages : DataFrame
        stage, rank, meaning; in order of rank.
    funnels : DataFrame
        funnel, step, label, stage (several rows of one step: any of them will do), marketplace.
    problems : DataFrame
        problem, severity (1 is the worst), meaning, what_to_do; in order of severity.
    follow_ups : DataFrame
        stage, up_to_days (missing: for ever), follow_up.
    """

    sources: pd.DataFrame
    actions: pd.DataFrame
    stages: pd.DataFrame
    funnels: pd.DataFrame
    problems: pd.DataFrame
    follow_ups: pd.DataFrame

    def steps(self, funnel: str) -> dict[str, tuple[str, ...]]:
        """Return the steps of a funnel in order: label to the stages that serve it.

        Examples
        --------
        >>> load_vocabulary().steps("active")["Install or contact me"]
        ('Install', 'Contact me')
        """
        check_option("funnel", funnel, list(dict.fromkeys(self.funnels["funnel"])))
        rows = self.funnels[self.funnels["funnel"] == funnel].sort_values("step", kind="stable")
        return {label: tuple(part["stage"]) for label, part in rows.groupby("label", sort=False)}

    @property
    def stage_dtype(self) -> pd.CategoricalDtype:
        """The ordered categorical of the stages."""
        return pd.CategoricalDtype(list(self.stages["stage"]), ordered=True)


def load_vocabulary(folder: str | Path | None = None) -> Vocabulary:
    """Return the shipped vocabulary, with every table that a folder holds in place of the shipped one.

    Parameters
    ----------
    folder : path, optional
        A folder with any of sources.csv, actions.csv, stages.csv, funnels.csv, problems.csv and follow_ups.csv.

    Raises
    ------
    VocabularyError
        When the folder holds none of them, a table lacks a column, or a stage is named that stages.csv lacks.

    Examples
    --------
    >>> load_vocabulary().actions.set_index("action").loc["INS", "stage"]
    'Get it now'
    """
    if folder is None:
        return _shipped()
    tables = {table: Path(folder) / f"{table}.csv" for table in COLUMNS}
    given = {table: path for table, path in tables.items() if path.is_file()}
    if not given:
        raise VocabularyError(
            f"the folder {Path(folder).name!r} holds no table of codes",
            next_step=f"copy one of {', '.join(path.name for path in tables.values())} into it and edit the copy",
        )
    return _load(given)


@functools.cache
def _shipped() -> Vocabulary:
    return _load({})


def _load(given: Mapping[str, Path]) -> Vocabulary:
    tables = {table: _read(given.get(table, SHIPPED / f"{table}.csv"), table) for table in COLUMNS}
    stages = tables["stages"].astype({"rank": "int64"}).sort_values("rank", kind="stable", ignore_index=True)
    known = set(stages["stage"])
    unknown = set(tables["sources"]["action"].dropna()) - set(tables["actions"]["action"])
    if unknown:
        raise VocabularyError(
            "sources.csv names an action that actions.csv lacks",
            found=", ".join(sorted(repr(action) for action in unknown)),
        )
    for table in ("actions", "funnels"):
        unknown = set(tables[table]["stage"].dropna()) - known
        if unknown:
            raise VocabularyError(
                f"{table}.csv names a stage that stages.csv lacks",
                found=", ".join(sorted(repr(stage) for stage in unknown)),
                next_step=f"the stages are {', '.join(stages['stage'])}",
            )
    return Vocabulary(
        sources=tables["sources"],
        actions=tables["actions"].assign(do_not_contact=tables["actions"]["do_not_contact"].str.lower() == "yes"),
        stages=stages,
        funnels=tables["funnels"].astype({"step": "int64"}),
        problems=tables["problems"]
        .astype({"severity": "int64"})
        .sort_values("severity", kind="stable", ignore_index=True),
        follow_ups=tables["follow_ups"].astype({"up_to_days": "float64"}),
    )


def _read(path: Path, table: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError) as error:
        raise VocabularyError(f"{path.name} is not a CSV table", found=str(error).split("\n")[0]) from error
    missing = [column for column in COLUMNS[table] if column not in frame.columns]
    if missing:
        raise VocabularyError(
            f"{path.name} lacks the column {', '.join(missing)}", found=", ".join(map(str, frame.columns))
        )
    return frame[list(COLUMNS[table])]
