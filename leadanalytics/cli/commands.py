"""The commands. Whatever is heavy is imported in the command that needs it, so that `--help` is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from leadanalytics.cli import completions
from leadanalytics.cli.azure_table import check, refuse_secret, sync
from leadanalytics.cli.checking import check_folder, check_list, check_out
from leadanalytics.cli.detecting import detect
from leadanalytics.cli.funnels import explain, follow_up, reconcile, say_listings
from leadanalytics.cli.identity import forget, review, why
from leadanalytics.cli.lab import lab
from leadanalytics.cli.loading import load
from leadanalytics.cli.reading_options import Reading, Sources, with_reading
from leadanalytics.cli.receiver import receive
from leadanalytics.cli.report import report
from leadanalytics.cli.rule_options import Rules, with_rules
from leadanalytics.cli.starting import init
from leadanalytics.cli.terminal import notices, output, progress, say_error, warnings_in_one_line
from leadanalytics.cli.wording import in_options, options_of
from leadanalytics.errors import LeadAnalyticsError, OptionError, near_miss
from leadanalytics.progress import show_progress

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="Marketplace leads to deduplicated customers, funnels and charts.",
)

# What `audit` shows of the codes, and what `decode` does not show, as one text cannot tell it.
CODES = {
    "delivered_source": "source as delivered",
    "delivered_action": "action code as delivered",
    "stage": "stage",
    "known": "known",
    "leads": "leads",
    "test_leads": "test leads",
}
OFFERS = {
    "offer_name": "offer",
    "leads": "leads",
    "first": "first day",
    "last": "last day",
    "route": "listing",
    "how_sure": "how sure",
    "funnels": "steps",
    "codes": "codes",
}
FILES = {"origin": "file", "layout": "layout", "delivered": "delivered", "read": "read", "set_aside": "set aside"}
NOT_TOLD = ("record_id", "layout", "origin", "origin_row", "lead_source", "customer_info", "problem")

Out = Annotated[Path, typer.Option(help="The folder to write to.")]
Index = Annotated[
    Path | None, typer.Option(help="A folder that remembers customers, so that their ids last; made when not there.")
]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; an error is one line and exit code 2, with its traceback only after `--debug`."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in typed
    with warnings_in_one_line():
        try:
            for word in typed:
                refuse_secret(word)
            # --debug may stand anywhere, so it is taken out before the commands see their options.
            app([word for word in typed if word != "--debug"], prog_name="leadanalytics")
        except Exception as error:
            if debug:
                raise
            # Several are the files that a run could not write.
            for one in error.exceptions if isinstance(error, ExceptionGroup) else [error]:
                _say(one, typed)
            raise SystemExit(2) from None


def _say(error: Exception, typed: list[str]) -> None:
    """Say an error in the words of the command that was typed."""
    if not isinstance(error, LeadAnalyticsError):
        # The message of a foreign error may quote a lead, so only its kind is shown.
        say_error(f"unexpected {type(error).__name__}; the same command with --debug shows where")
        return
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    command = next((commands[word] for word in typed if word in commands), None)
    say_error(in_options(error, options_of(command) if command else {}, typed))


def _show_version(wanted: bool) -> None:
    if wanted:
        import leadanalytics

        print(f"leadanalytics {leadanalytics.__version__}")
        raise typer.Exit


@app.callback()
def leadanalytics(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Marketplace leads to deduplicated customers, funnels and charts."""


@app.command()
@with_reading
@with_rules
def run(
    sources: Sources,
    *,
    out: Out = Path("leadanalytics-output"),
    index: Index = None,
    rules: Rules,
    reading: Reading,
) -> None:
    """Do the whole job: leads, customers, a funnel per offer and the charts, into one folder."""
    _run(sources, out, reading, rules=rules, index=index)


@app.command()
def demo(out: Out = Path("demo")) -> None:
    """Write made-up leads to a folder and do the whole job on them."""
    from leadanalytics.samples import write_samples

    check_folder(out)
    write_samples(out / "samples")
    _run([str(out / "samples")], out, Reading())
    output().print("Next, with your own leads: leadanalytics run FILES --out FOLDER; with notebooks: leadanalytics lab")


@app.command()
@with_reading
def customers(
    sources: Sources,
    *,
    for_: Annotated[
        str,
        typer.Option(
            "--for",
            autocompletion=completions.readers,
            help="Who reads the list: spreadsheet, data, dynamics365, hubspot, marketo, salesforce, "
            "salesforce_data_loader.",
        ),
    ] = "spreadsheet",
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write: .csv, .xlsx or .parquet; by default one that the reader takes."),
    ] = None,
    targets: Annotated[Path | None, typer.Option(help="A folder with your own TOML files for --for.")] = None,
    reading: Reading,
) -> None:
    """Write the deduplicated customer list, and whoever must not be in it to a second file."""
    from leadanalytics.recipes import list_customers
    from leadanalytics.writing import load_targets, write_leads

    known = load_targets(targets)
    check_list(out, for_, known)
    target = known.get(for_)
    if out is None:
        out = Path(f"customers_{target.name}{target.suffixes[0]}" if target else "customers.csv")
    leads = load(sources, reading)
    with progress("Collapsing customers"):
        people = list_customers(leads, vocabulary=reading.vocabulary())
        written = write_leads(people, out, for_=target or for_)
    show = output().print
    show(f"{written.rows:,} customers written to {', '.join(map(str, written.paths))}")
    reasons = ", ".join(f"{rows:,} {reason}" for reason, rows in written.reasons.items())
    show(f"{written.left_out_rows:,} left out, written to {written.left_out_path}{reasons and f': {reasons}'}")
    show(f"{len(people):,} customers and test leads in all")


@app.command()
@with_reading
@with_rules
def funnel(
    sources: Sources,
    *,
    by: Annotated[
        str | None,
        typer.Option(
            autocompletion=completions.one_of(*completions.GROUPS),
            help="A funnel for each value of: offer, storefront, country, campaign ...",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the counts to this .csv, .xlsx or .parquet file.")
    ] = None,
    rules: Rules,
    reading: Reading,
) -> None:
    """Show the funnel, of everybody or for each value of a column; each offer by its own steps."""
    from leadanalytics.cli.tables import funnel_table, unshown_steps
    from leadanalytics.funnels import build_funnels, count_stages
    from leadanalytics.identity.countries import country_names
    from leadanalytics.recipes import count_each_offer
    from leadanalytics.writing import write_table

    check_out(out)
    leads = load(sources, reading)
    if by == "country":
        leads = leads.assign(country=country_names(leads["country"]))  # one spelling, as in every list
    group = {"offer": "offer_name", "storefront": "marketplace"}.get(by or "", by)
    _check_group(by, group, [*map(str, leads.columns)])
    with progress("Counting funnels"):
        funnels = build_funnels(leads, rules, by=group or (), vocabulary=reading.vocabulary())
        counts = count_each_offer(funnels) if by == "offer" else count_stages(funnels, by=group)
    output().print(funnel_table(counts, title="Funnel", groups=[group] if group else []))
    output().print(counts.attrs["definition"])
    listings = "" if rules.funnel else say_listings(leads, reading.vocabulary())
    for line in filter(None, [*unshown_steps(counts), listings]):
        output().print(line)
    if out:
        write_table(counts, out)
        output().print(f"written to {out}")


@app.command()
@with_reading
def audit(sources: Sources, *, reading: Reading) -> None:
    """Count what is wrong with the leads, every code that was seen, and how each offer is listed."""
    from leadanalytics.auditing import audit_codes, audit_leads, audit_offers
    from leadanalytics.cli.tables import frame_table

    leads = load(sources, reading)
    with progress("Looking for problems"):
        vocabulary = reading.vocabulary()
        problems, codes = audit_leads(leads, vocabulary=vocabulary), audit_codes(leads)
        offers = audit_offers(leads, vocabulary=vocabulary)
    output().print(frame_table(problems[problems["leads"] > 0], title=f"Problems in {len(leads):,} leads"))
    output().print("Every lead counts once under 'first', by its worst problem; the column adds up to all leads.")
    output().print(frame_table(codes, title="Codes", names=CODES))
    days = {name: offers[name].dt.strftime("%Y-%m-%d") for name in ("first", "last")}
    output().print(frame_table(offers.assign(**days), title="Offers", names=OFFERS))
    for offer in offers.dropna(subset="not_of_listing").itertuples():
        output().print(
            f"{offer.offer_name} is listed as {offer.route}, and shows codes that this listing cannot have: "
            f"{offer.not_of_listing}. Check offers.csv."
        )


@app.command()
@with_reading
def convert(
    sources: Sources,
    *,
    to: Annotated[Path, typer.Option(help="The Parquet file to write; what is set aside goes beside it.")],
    reading: Reading,
) -> None:
    """Write the records of files of any size to one Parquet file, which the other commands read."""
    from leadanalytics.cli.tables import frame_table
    from leadanalytics.reading import convert_leads

    with show_progress(notices()) as tell:
        conversion = convert_leads(sources, to, **reading.choices(), progress=partial(tell, "Converting"))
    reading.warn(conversion.files)
    output().print(frame_table(conversion.files, title="Files", names=FILES))
    output().print(f"Written to {conversion.path}, what was set aside to {conversion.rejects_path.name}")


@app.command()
def decode(
    text: Annotated[str, typer.Argument(help="A lead source such as 'SPZA-INS|contoso.app', or CustomerInfo.")],
) -> None:
    """Say what one lead source or one CustomerInfo means."""
    import pandas as pd

    from leadanalytics.cli.tables import facts_table
    from leadanalytics.decoding import decode_leads

    field = "customer_info" if text.lstrip().startswith("{") else "lead_source"
    lead = decode_leads(pd.DataFrame({"record_id": ["typed"], field: [text]})).iloc[0]
    told = lead[[name for name in lead.index if name not in NOT_TOLD]].dropna()
    output().print(
        facts_table(field.replace("_", " "), {str(name).replace("_", " "): told[name] for name in told.index})
    )


app.command()(explain)
app.command()(follow_up)
app.command()(reconcile)
app.command()(report)
app.command()(why)
app.command()(review)
app.command()(forget)
app.command()(detect)
app.command()(init)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(lab)
app.command()(sync)
app.command()(check)
app.command()(receive)


def _run(
    sources: list[str],
    out: Path,
    reading: Reading,
    *,
    rules: Rules = None,
    index: Path | None = None,
) -> None:
    from leadanalytics.cli.running import run_job
    from leadanalytics.cli.tables import facts_table, frame_table, funnel_table, unshown_steps

    check_folder(out)
    results = run_job(
        sources,
        out,
        reading=reading.choices(),
        decoding=reading.decoding(),
        rules=rules,
        match_rules=reading.project.match or None,
        index=index,
        warn=reading.warn,
    )
    show = output().print
    show(frame_table(results.files, title="Files", names=FILES))
    show(facts_table("Leads and customers", dict(results.facts)))
    show(funnel_table(results.counts, title="Funnel per offer", groups=["offer_name"]))
    show(results.counts.attrs["definition"])
    for line in filter(None, [*unshown_steps(results.counts), results.listings]):
        show(line)
    show(f"Written to {out}: {', '.join(path.name for path in results.written)}")
    if results.failures:
        raise ExceptionGroup("files that were not written", results.failures)


def _check_group(by: str | None, group: str | None, columns: list[str]) -> None:
    if group is None or group in columns:
        return
    close = near_miss(str(by), [*completions.GROUPS, *columns])
    raise OptionError(
        f"by is one of {', '.join(completions.GROUPS)}, or another column of the leads",
        found=repr(by),
        next_step=f"did you mean {close!r}?" if close else None,
        argument="by",
        example=completions.GROUPS[0],
    )
