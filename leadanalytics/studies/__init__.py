"""Questions that say the whole sentence several times: sensitivities, and explanations across identity and funnel."""

from leadanalytics.studies.sensitivity import identity_sensitivity

__all__ = ["identity_sensitivity"]
