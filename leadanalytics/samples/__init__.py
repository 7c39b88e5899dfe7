"""Made-up leads with a known truth, and the sample files written from them."""

from leadanalytics.samples.files import as_entities, sample_folder, write_samples
from leadanalytics.samples.making import make_leads, sample_leads
from leadanalytics.samples.truth import Truth, sample_truth

__all__ = ["Truth", "as_entities", "make_leads", "sample_folder", "sample_leads", "sample_truth", "write_samples"]
