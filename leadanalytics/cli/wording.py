"""Errors of Python functions in the words of the command line: options in place of arguments, and no code to type."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from leadanalytics.errors import LeadAnalyticsError, MissingExtraError, OptionError

# Arguments whose option is called otherwise; the first that the command has.
OTHERWISE = {
    "tz": ("zone", "tz"),
    "columns": ("map",),
    "edition": ("codes",),
    "offer_id": ("offer",),
    "record_ids": ("record",),
    "path": ("out",),
    "dates": ("from",),
    "connection_string": ("connection_string_env",),
    "sas_url": ("sas_url_env",),
    "credential": ("default_credential",),
}
# What to type after an option whose value was wrong, where the error does not say.
EXAMPLES = {
    "--as-of": "2024-06-30",
    "--window": "30 days",
    "--freq": "MS",
    "--tz": "Europe/Berlin",
    "--zone": "Europe/Berlin",
    "--offers": "20",
}

# What warnings of reading and decoding may name, whatever the command.
READING = {name: f"--{name.replace('_', '-')}" for name in ("map", "layout", "layouts", "tz", "date_order")}
# What a command is called that does what a function does.
COMMANDS = {"audit_codes(leads)": "leadanalytics audit"}

_VALUE = r"""\{[^}]*\}|'[^']*'|"[^"]*"|[\w.:+-]+(?![\w.:+(-])|(?=[\s,;]|$)"""
_CODE = re.compile(r"\w\(|\b\w+=|\b(la|pd)\.|\w\[")


def options_of(command: Any) -> dict[str, str]:
    """Return the options of a command by the names that Python has for them: {"as_of": "--as-of"}.

    Parameters
    ----------
    command : click.Command
        A command, as `typer.main.get_command` makes it.
    """
    options: dict[str, str] = {}
    for parameter in command.params:
        if parameter.param_type_name == "option":
            option = max(parameter.opts, key=len)
            options |= {parameter.name: option, option.lstrip("-").replace("-", "_"): option}
    return options


def in_options(error: LeadAnalyticsError, options: Mapping[str, str], typed: Sequence[str] = ()) -> str:
    r"""Return an error in one line that names options and never code.

    Parameters
    ----------
    error : LeadAnalyticsError
        As a function raised it; `argument` and `example` say what was wrong and what would be right.
    options : mapping of str to str
        As from `options_of`.
    typed : sequence of str
        The words of the command line: of several options for one argument, that which was given the value found.

    Examples
    --------
    >>> from leadanalytics.errors import OptionError
    >>> error = OptionError("window is a length of time", found="'soon'", next_step="window='30 days'")
    >>> print(in_options(error, {"window": "--window"}))
    --window is a length of time; found 'soon'; for example --window "30 days"
    """
    argument = error.argument or (error.what.split(maxsplit=1)[0] if isinstance(error, OptionError) else "")
    option = _option(argument, options, error.found, typed)
    what = translated(re.sub(rf"^{re.escape(argument)}\b", option or argument, error.what), options)
    step = translated(error.next_step or "", options)
    example = error.example or EXAMPLES.get(option or "")
    if _CODE.search(step) and not isinstance(error, MissingExtraError):
        step = ""
    if option and example and "did you mean" not in step and ("--" not in step or step.startswith("--")):
        step = f"for example {_spoken(option, example)}"
    parts = [what, error.found and f"found {error.found}", step]
    return "; ".join(part for part in parts if part)


def _option(argument: str, options: Mapping[str, str], found: str | None, typed: Sequence[str]) -> str | None:
    names = OTHERWISE.get(argument, (argument,))
    known = [options[name] for name in names if name in options]
    values = dict(itertools.pairwise(typed)) | dict(word.split("=", 1) for word in typed if "=" in word)
    given = [option for option in known if repr(values.get(option)) == found]
    return next(iter([*given, *known]), None)


def translated(text: str, options: Mapping[str, str]) -> str:
    """Return a text with `--window "30 days"` in place of `window='30 days'`; where both are said, the option alone."""
    names = {name: _option(name, options, None, ()) for name in (*options, *OTHERWISE)}
    known = "|".join(re.escape(name) for name, option in names.items() if option)
    if not known:
        return text
    for function, command in COMMANDS.items():
        text = text.replace(function, command)
    text = re.sub(rf"\b(?:{known})=(?:{_VALUE})(?: or (?:{_VALUE}))?,? or (?=--)", "", text)
    text = re.sub(rf"\b({known})=({_VALUE})", lambda match: _spoken(str(names[match[1]]), match[2].strip("'\"")), text)
    # A plain word may be English, unless it is one to leave out; one with an underscore is none.
    pattern = rf"(?<=\bleave out )(?:{known})\b|(?<!['\w])(?=[a-z]+_)(?:{known})\b(?![('=.])"
    return re.sub(pattern, lambda match: str(names[match[0]]), text)


def _spoken(option: str, value: str) -> str:
    """Give an option and its value as a shell takes them; a flag has no value."""
    if value in ("", "True"):
        return option
    return f'{option} "{value}"' if re.search(r"[^\w.:/+-]", value) else f"{option} {value}"
