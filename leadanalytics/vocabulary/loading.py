"""The tables of codes, read from `codes/*.csv` or from a user's copy of that folder, as one edition reads them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from leadanalytics.errors import OptionError, VocabularyError, check_option, near_miss

SHIPPED = Path(__file__).parent / "codes"
TEXT, TIME = pd.StringDtype(na_value=np.nan), pd.DatetimeTZDtype("ns", "UTC")

# Each table and the columns that it must have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sources": ("source", "label", "marketplace", "written_as", "action"),
    "actions": ("action", "label", "stage", "do_not_contact", "meaning"),
    "stages": ("stage", "rank", "meaning"),
    "funnels": ("funnel", "step", "label", "stage"),
    "routes": ("route", "label", "funnels", "meaning"),
    "route_codes": ("route", "action", "stage"),
    "route_proofs": ("marketplace", "stage", "route", "unless"),
    "offers": ("offer_id", "route"),
    "problems": ("problem", "severity", "meaning", "what_to_do"),
    "follow_ups": ("stage", "up_to_days", "follow_up"),
    "editions": ("edition", "valid_from", "meaning"),
}
# What a table may have besides; a column that is not there is empty. A row is valid from a day on and before another.
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "actions": ("written_as", "valid_from", "valid_to"),
    "stages": ("valid_from", "valid_to"),
    "funnels": ("valid_from", "valid_to"),
    "routes": ("valid_from", "valid_to"),
    "route_codes": ("valid_from", "valid_to"),
    "route_proofs": ("valid_from", "valid_to"),
    "offers": ("title", "valid_from"),
}
# What names a row: at any one time there is one row of each.
KEYS: Mapping[str, tuple[str, ...]] = {
    "sources": ("source",),
    "actions": ("action",),
    "stages": ("stage",),
    "funnels": ("funnel", "step", "stage"),
    "routes": ("route",),
    "route_codes": ("route", "action"),
    "offers": ("offer_id",),
    "problems": ("problem",),
    "editions": ("edition",),
}
# In these tables a row counts for the leads of its time; in the others the newest edition counts for all leads.
_BY_LEAD = ("actions", "route_codes")
NUMBERS: Mapping[str, str] = {"rank": "int64", "severity": "int64", "step": "int64", "up_to_days": "float64"}
_BEFORE_ALL, _AFTER_ALL = pd.Timestamp("1678-01-01", tz="UTC"), pd.Timestamp("2262-01-01", tz="UTC")


@dataclass(frozen=True)
class Vocabulary:
    """What the codes mean, and which steps an offer can have.

    Attributes
    ----------
    sources : DataFrame
        source, label, marketplace (missing where the channel serves both), written_as (spellings joined by ';'), action
        (that of a lead which names the source alone, where there is one).
    actions : DataFrame
        action, label, stage (missing where the action reaches none), do_not_contact (bool), meaning, written_as,
        valid_from, valid_to.
    stages : DataFrame
        stage, rank, meaning; in order of rank. Every other order of stages follows from it.
    funnels : DataFrame
        funnel, step, label, stage (several rows of one step: any of them will do).
    routes : DataFrame
        route (what an offer is listed as), label, funnels (each a branch, joined by ';'), meaning.
    route_codes : DataFrame
        route, action, stage (which the action reaches on the route), valid_from, valid_to.
    route_proofs : DataFrame
        marketplace, stage (either missing for any), route (that such a lead proves), unless (joined by ';', the routes
        whose proof by a row before makes this one idle; "*" for any route).
    offers : DataFrame
        offer_id, title, route (missing where only the title is known), valid_from: what the publisher knows of the
        offers; none by default.
    problems : DataFrame
        problem, severity (1 is the worst), meaning, what_to_do; in order of severity.
    follow_ups : DataFrame
        stage, up_to_days (missing: for ever), follow_up.
    editions : DataFrame
        edition, valid_from, meaning.
    edition : str or None
        The edition by which every lead is read; None where each is read by that of its own time.
    other_funnels : tuple of str
        The funnels that only another edition has.
    """

    sources: pd.DataFrame
    actions: pd.DataFrame
    stages: pd.DataFrame
    funnels: pd.DataFrame
    routes: pd.DataFrame
    route_codes: pd.DataFrame
    route_proofs: pd.DataFrame
    offers: pd.DataFrame
    problems: pd.DataFrame
    follow_ups: pd.DataFrame
    editions: pd.DataFrame
    edition: str | None = None
    other_funnels: tuple[str, ...] = ()

    def steps(self, funnel: str) -> dict[str, tuple[str, ...]]:
        """Return the steps of a funnel in order: label to the stages that serve it.

        Examples
        --------
        >>> load_vocabulary().steps("overall")["Install or purchase"]
        ('Install', 'Purchase')
        """
        if funnel in self.other_funnels:
            raise OptionError(
                f"funnel {funnel!r} is of another edition of the codes",
                next_step="edition='2018'" if self.edition is None else "leave out edition",
            )
        check_option("funnel", funnel, list(dict.fromkeys(self.funnels["funnel"])))
        rows = self.funnels[self.funnels["funnel"] == funnel].sort_values("step", kind="stable")
        return {label: tuple(part["stage"]) for label, part in rows.groupby("label", sort=False)}

    @property
    def stage_of(self) -> dict[str, str]:
        """The stage that each action reaches today, where it reaches one and no listing says otherwise."""
        actions = valid_at(self.actions, None) if self.edition is None else self.actions
        return actions.dropna(subset="stage").set_index("action")["stage"].to_dict()

    @property
    def stage_dtype(self) -> pd.CategoricalDtype:
        """The ordered categorical of the stages."""
        return pd.CategoricalDtype(list(self.stages["stage"]), ordered=True)


def load_vocabulary(
    folder: str | Path | None = None, *, edition: str | None = None, offers: str | Path | pd.DataFrame | None = None
) -> Vocabulary:
    """Return the shipped vocabulary, with every table that a folder holds in place of the shipped one.

    Parameters
    ----------
    folder : path, optional
        A folder with any of sources.csv, actions.csv, stages.csv, funnels.csv, routes.csv, route_codes.csv,
        route_proofs.csv, offers.csv, problems.csv, follow_ups.csv and editions.csv.
    edition : str, optional
        Read every lead as this edition does, such as "2018"; by default each by the edition of its own time, and the
        funnels of the newest.
    offers : path or DataFrame, optional
        What the publisher knows of the offers: offer_id, route (a name of routes.csv), and perhaps title and valid_from
        (the day from which the row holds).

    Raises
    ------
    VocabularyError
        When the folder holds none of them, a table lacks a column, or two tables contradict each other.
    OptionError
        When there is no such edition.

    Examples
    --------
    >>> load_vocabulary().actions.set_index("action").loc["Create", "stage"]
    'Install'
    >>> list(load_vocabulary(edition="2018").steps("appsource"))
    ['Test drive', 'Get it now', 'Contact me']
    """
    if folder is None and edition is None and offers is None:
        return _shipped()
    given: dict[str, Path | pd.DataFrame] = {}
    if folder is not None:
        tables = {table: Path(folder) / f"{table}.csv" for table in COLUMNS}
        given |= {table: path for table, path in tables.items() if path.is_file()}
        if not given:
            raise VocabularyError(
                f"the folder {Path(folder).name!r} holds no table of codes",
                next_step=f"copy one of {', '.join(path.name for path in tables.values())} into it and edit the copy",
            )
    if offers is not None:
        given["offers"] = offers if isinstance(offers, pd.DataFrame) else _existing(Path(offers))
    return _load(given, edition)


def valid_at(table: pd.DataFrame, day: pd.Timestamp | None) -> pd.DataFrame:
    """Return the rows of a table that are valid on a day; with None the newest ones."""
    since, until = table["valid_from"], table["valid_to"]
    if day is None:
        return table[until.isna()]
    return table[(since.isna() | (since <= day)) & (until.isna() | (until > day))]


@functools.cache
def _shipped() -> Vocabulary:
    return _load({}, None)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise VocabularyError(
            f"there is no file {path.name!r} of offers",
            next_step="a CSV file with the columns offer_id, title, route and valid_from",
        )
    return path


def _load(given: Mapping[str, Path | pd.DataFrame], edition: str | None) -> Vocabulary:
    tables = {table: _read(given.get(table, SHIPPED / f"{table}.csv"), table) for table in COLUMNS}
    _check_names(tables)
    for table in KEYS:
        _check_once(tables[table], table)
    every_funnel = tables["funnels"]["funnel"]
    tables = _of_edition(tables, edition)
    actions = tables["actions"]
    known = Vocabulary(
        **tables
        | {
            "stages": tables["stages"].sort_values("rank", kind="stable", ignore_index=True),
            "problems": tables["problems"].sort_values("severity", kind="stable", ignore_index=True),
            "actions": actions.assign(do_not_contact=actions["do_not_contact"].str.lower() == "yes"),
        },
        edition=edition,
        other_funnels=tuple(every_funnel[~every_funnel.isin(tables["funnels"]["funnel"])].unique()),
    )
    _check_steps(known)
    _check_routes(known)
    return known


def _of_edition(tables: Mapping[str, pd.DataFrame], edition: str | None) -> dict[str, pd.DataFrame]:
    """Return the rows that an edition reads; without one the newest, but of what is read by the time of each lead."""
    day = _day_of(edition, tables["editions"])
    chosen = {
        name: valid_at(table, day) if "valid_to" in table and (day is not None or name not in _BY_LEAD) else table
        for name, table in tables.items()
    }
    if day is not None:
        # The rows of an edition hold at all times, also for leads that are older or newer than it.
        always = pd.Series(pd.NaT, dtype=TIME)
        for name in _BY_LEAD:
            index = chosen[name].index
            chosen[name] = chosen[name].assign(valid_from=always.reindex(index), valid_to=always.reindex(index))
    # A listing that an edition does not know has no meaning of its own in it.
    for name in ("route_codes", "route_proofs", "offers"):
        routes = chosen[name]["route"]
        chosen[name] = chosen[name][routes.isin(chosen["routes"]["route"]) | routes.isna()]
    return {name: table.reset_index(drop=True) for name, table in chosen.items()}


def _day_of(edition: str | None, editions: pd.DataFrame) -> pd.Timestamp | None:
    if edition is None:
        return None
    check_option("edition", edition, list(editions["edition"]))
    return editions.set_index("edition")["valid_from"][edition]


def _check_names(tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise where a table names what the table of its names lacks."""
    unless = tables["route_proofs"]["unless"].str.split(";").explode()
    for table, column, names in (
        ("sources", "action", tables["sources"]["action"]),
        *((table, "stage", tables[table]["stage"]) for table in ("actions", "funnels", "follow_ups", "route_proofs")),
        ("routes", "funnel", tables["routes"]["funnels"].str.split(";").explode()),
        *((table, "route", tables[table]["route"]) for table in ("route_codes", "route_proofs", "offers")),
        ("route_proofs", "route", unless[unless != "*"]),
        ("route_codes", "action", tables["route_codes"]["action"]),
        ("route_codes", "stage", tables["route_codes"]["stage"]),
    ):
        _check_known(f"{table}.csv", column, names, tables[f"{column}s"][column])


def _check_known(table: str, column: str, names: pd.Series, home: pd.Series, when: str = "") -> None:
    options = dict.fromkeys(home)
    # What is in brackets, such as "(do not contact)", is no stage but says where there is none.
    unknown = [name for name in dict.fromkeys(names.dropna()) if name not in options and not name.startswith("(")]
    if unknown:
        close = near_miss(unknown[0], options)
        raise VocabularyError(
            f"{table} names a{'n' * (column[0] in 'aeiou')} {column} that {column}s.csv lacks{when}",
            found=", ".join(sorted(map(repr, unknown))),
            next_step=f"did you mean {close!r}?" if close else f"the {column}s are {', '.join(options)}",
        )


def _check_once(rows: pd.DataFrame, table: str) -> None:
    """Raise where a row has no name, or two rows of one name hold at one time."""
    keys = list(KEYS[table])
    for column in keys:
        if rows[column].isna().any():
            raise VocabularyError(f"{table}.csv has a row without {column}", next_step="fill it in, or remove the row")
    spans = rows[keys].assign(since=_BEFORE_ALL, until=_AFTER_ALL)
    for bound, column in (("since", "valid_from"), ("until", "valid_to")):
        if column in rows.columns and table != "editions":
            spans[bound] = rows[column].fillna(spans[bound])
    spans = spans.sort_values([*keys, "since"], kind="stable")
    before = spans.groupby(keys)
    # A row of offers.csv holds until the next one.
    wrong = spans["since"] <= before["since"].shift() if table == "offers" else spans["since"] < before["until"].shift()
    if wrong.any():
        raise VocabularyError(
            f"{table}.csv has two rows of one name that hold at one time",
            found=", ".join(map(str, spans.loc[wrong, keys].iloc[0])),
            next_step=f"remove one of them, or give them {'' if table == 'offers' else 'valid_to and '}valid_from",
        )


def _check_steps(known: Vocabulary) -> None:
    """Raise where a funnel takes a stage that there is not, or its stages in another order than their ranks."""
    rank = known.stages.set_index("stage")["rank"]
    when = f" in the edition {known.edition!r}" if known.edition else " today"
    _check_known("funnels.csv", "stage", known.funnels["stage"], known.stages["stage"], when)
    for funnel in dict.fromkeys(known.funnels["funnel"]):
        steps = list(known.steps(funnel).values())
        for before, after in itertools.pairwise(steps):
            if rank[list(before)].max() >= rank[list(after)].min():
                raise VocabularyError(
                    f"funnels.csv and stages.csv contradict each other: the funnel {funnel!r} takes "
                    f"{' or '.join(before)} before {' or '.join(after)}, but their ranks do not rise",
                    next_step="change the ranks in stages.csv, or the steps in funnels.csv",
                )


def _check_routes(known: Vocabulary) -> None:
    """Raise where a route takes a funnel that there is not, or its codes reach a stage that is no step of it."""
    when = f" in the edition {known.edition!r}" if known.edition else " today"
    funnels = known.routes.set_index("route")["funnels"].str.split(";")
    _check_known("routes.csv", "funnel", funnels.explode(), known.funnels["funnel"], when)
    steps = known.funnels.groupby("funnel")["stage"].agg(set)
    codes = known.route_codes if known.edition else valid_at(known.route_codes, None)
    for row in codes.dropna(subset="stage").itertuples(index=False):
        if not any(row.stage in steps[funnel] for funnel in funnels[row.route]):
            raise VocabularyError(
                f"route_codes.csv and routes.csv contradict each other: on the route {row.route!r} the code "
                f"{row.action} reaches {row.stage}, which is no step of {' or '.join(funnels[row.route])}",
                next_step="change the stage in route_codes.csv, or the funnels in routes.csv",
            )


def _read(given: Path | pd.DataFrame, table: str) -> pd.DataFrame:
    if isinstance(given, pd.DataFrame):
        days = given.columns[given.dtypes.map(pd.api.types.is_datetime64_any_dtype)]
        frame, name = given.astype(dict.fromkeys(given.columns.difference(days), TEXT)), f"the table of {table}"
    else:
        frame, name = _read_csv(given), given.name
    missing = [column for column in COLUMNS[table] if column not in frame.columns]
    if missing:
        raise VocabularyError(f"{name} lacks the column {', '.join(missing)}", found=", ".join(map(str, frame.columns)))
    frame = frame.reindex(columns=[*COLUMNS[table], *OPTIONAL.get(table, ())])
    for column in frame.columns.intersection(["valid_from", "valid_to"]):
        frame[column] = _days(frame[column], f"{name}, column {column}")
    for column in frame.columns.intersection(list(NUMBERS)):
        frame[column] = _numbers(frame[column], NUMBERS[column], f"{name}, column {column}")
    return frame


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError) as error:
        raise VocabularyError(f"{path.name} is not a CSV table", found=str(error).split("\n")[0]) from error


def _days(texts: pd.Series, where: str) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(texts.dtype):
        return pd.to_datetime(texts, utc=True).astype(TIME)
    days = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True).astype(TIME)
    wrong = texts[days.isna() & texts.notna()]
    if len(wrong):
        raise VocabularyError(f"{where} holds days", found=repr(wrong.iloc[0]), next_step="write it like 2024-06-30")
    return days


def _numbers(texts: pd.Series, dtype: str, where: str) -> pd.Series:
    numbers = pd.to_numeric(texts, errors="coerce")
    wrong = texts[numbers.isna() & (texts.notna() | (dtype == "int64"))]
    if len(wrong):
        raise VocabularyError(f"{where} holds numbers", found=repr(wrong.iloc[0]), next_step="write it like 1")
    return numbers.astype(dtype)
