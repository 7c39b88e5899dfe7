"""Marketplace leads to customers, funnels and charts: read, decode, identify, count, show.

The package reads as one sentence:

>>> import leadanalytics as la
>>> raw = la.make_leads(customers=100, seed=1)  # or la.read_leads("exports/")
>>> leads = raw.pipe(la.decode_leads).pipe(la.identify_customers)
>>> funnels = la.build_funnels(leads, window="30 days")  # each offer by its own steps
>>> counts = la.count_stages(funnels, by="offer_name")
>>> list(counts.loc[counts["offer_name"] == "FlowGuard VM", "stage"])
['Test drive', 'Get it now', 'Install']

The public names are listed in `__init__.pyi` and are imported when they are first used, so that
`import leadanalytics` and `leadanalytics --help` stay quick.
"""

import lazy_loader

_imported, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Return a public name, imported now, or the version of the installed package."""
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("leadanalytics")
        except PackageNotFoundError:
            return "unknown, as it is not installed"
    return _imported(name)
