"""The look of the widget, and the only way in which text gets into its HTML: escaped.

`ipywidgets.HTML` runs what it is given, and `ipywidgets.Label` reads dollar signs as mathematics. So every text that
somebody may have typed goes through `escaped` into an HTML widget, and through nothing else.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from leadanalytics.charts.words import cleaned

__all__ = ["STYLE", "code", "escaped", "message", "paragraph", "table"]

ROW_HEIGHT = 28  # of the table and of the buttons beside it [pixels]

# JupyterLab's own variables, so that the widget follows its theme; elsewhere the values after them hold.
STYLE = f"""<style>
.la-explorer {{ --la-line: var(--jp-border-color2, #e0e0e0); --la-quiet: var(--jp-ui-font-color2, #616161);
  --la-words: var(--jp-ui-font-color1, #212121); --la-link: var(--jp-content-link-color, #1565c0);
  --la-hover: var(--jp-layout-color2, #eeeeee); color: var(--la-words); }}
.la-explorer .la-control {{ flex-direction: column; align-items: stretch; height: auto; width: auto; margin: 0; }}
.la-explorer .la-control > .widget-label {{ text-align: left; width: auto; line-height: 20px; height: 20px;
  font-size: 12px; color: var(--la-quiet); }}
.la-explorer .la-control > input, .la-explorer .la-control > select {{ width: 100%; flex: none; height: 28px; }}
.la-explorer .widget-html, .la-explorer .widget-html-content {{ height: auto; line-height: 1.4; overflow: visible; }}
.la-explorer p {{ margin: 2px 0; max-width: 110ch; }}
.la-explorer .la-headline {{ font-size: 14px; font-weight: 600; }}
.la-explorer .la-quiet {{ color: var(--la-quiet); }}
.la-explorer .la-error {{ border-left: 4px solid #d55e00; padding: 4px 10px; background: var(--la-hover); }}
.la-explorer .la-done {{ border-left: 4px solid #009e73; padding: 4px 10px; background: var(--la-hover); }}
.la-explorer h4 {{ margin: 12px 0 4px; font-size: 13px; }}
.la-explorer pre {{ margin: 0; padding: 8px 10px; background: var(--la-hover); color: var(--la-words);
  font: 12px/1.5 var(--jp-code-font-family, monospace); white-space: pre-wrap; overflow-wrap: anywhere; }}
.la-explorer .widget-image {{ background: white; border-radius: 3px; }}
.la-explorer .la-people {{ align-items: flex-start; overflow: visible; }}
.la-explorer .la-people .widget-html {{ margin: 0; }}
.la-explorer .la-people-names button {{ height: {ROW_HEIGHT}px; line-height: {ROW_HEIGHT - 1}px; font-size: 12px;
  box-sizing: border-box; margin: 0; width: 100%; text-align: left; padding: 0 8px; background: transparent; border: 0;
  border-bottom: 1px solid var(--la-line); border-radius: 0; color: var(--la-link); overflow: hidden;
  text-overflow: ellipsis; box-shadow: none; }}
.la-explorer .la-people-names button:hover {{ background: var(--la-hover); text-decoration: underline; }}
.la-explorer .la-people-names .la-picked {{ background: var(--la-hover); font-weight: 600; }}
.la-explorer .la-people-rows {{ flex: 1 1 0; min-width: 0; overflow-x: auto; margin: 0; }}
.la-explorer table {{ border-collapse: separate; border-spacing: 0; width: 100%; font-size: 12px; margin: 0; border: 0;
  table-layout: fixed; min-width: 560px; }}
.la-explorer th, .la-explorer td {{ height: {ROW_HEIGHT}px; padding: 0 6px; line-height: {ROW_HEIGHT - 1}px;
  box-sizing: border-box; border: 0; border-bottom: 1px solid var(--la-line); text-align: left; white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis; max-width: 0; }}
.la-explorer th {{ color: var(--la-quiet); font-weight: 600; }}
.la-explorer .la-name-head {{ height: {ROW_HEIGHT}px; line-height: {ROW_HEIGHT - 1}px; padding: 0 8px; font-size: 12px;
  box-sizing: border-box; border-bottom: 1px solid var(--la-line); color: var(--la-quiet); font-weight: 600; }}
.la-explorer .la-unseen {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
</style>"""


def escaped(text: object) -> str:
    """Return text as HTML that shows it and does nothing else; missing is nothing.

    Examples
    --------
    >>> escaped('<img src=x onerror="alert(1)">')
    '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;'
    """
    return "" if pd.isna(text) else html.escape(cleaned(text))


def paragraph(text: str, *, look: str) -> str:
    """Return a paragraph of text with one of the looks of the style: headline, quiet, error or done."""
    return f'<p class="la-{look}">{escaped(text)}</p>' if text else ""


def message(text: str, *, look: str) -> str:
    """Return a paragraph that a screen reader reads out as it appears."""
    return f'<p class="la-{look}" role="status" aria-live="polite">{escaped(text)}</p>' if text else ""


def code(text: str, *, heading: str = "") -> str:
    """Return text of several lines as it stands, under a heading."""
    lines = "\n".join(html.escape(line) for line in text.splitlines())
    return (f"<h4>{escaped(heading)}</h4>" if heading else "") + f"<pre>{lines}</pre>"


def table(frame: pd.DataFrame, *, names: Sequence[str], widths: Sequence[int]) -> str:
    """Return the rows of a frame of text as a table.

    Parameters
    ----------
    frame : DataFrame
        Text.
    names : sequence of str
        What each row is of: for screen readers, which do not see the buttons beside the table.
    widths : sequence of int
        The part of each column [percent].
    """
    columns = "".join(f'<col style="width: {width}%">' for width in widths)
    head = "".join(f'<th scope="col">{escaped(column)}</th>' for column in frame)
    rows = "".join(
        f"<tr>{_cell(first, of=name)}{''.join(map(_cell, others))}</tr>"
        for name, (first, *others) in zip(names, frame.itertuples(index=False))
    )
    return f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object, of: str = "") -> str:
    text, unseen = escaped(value), f'<span class="la-unseen">{escaped(of)}: </span>' if of else ""
    return f'<td title="{text}">{unseen}{text}</td>'
