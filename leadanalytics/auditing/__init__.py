"""What is wrong with the leads and with the feed, counted so that the parts add up to the whole."""

from leadanalytics.auditing.codes import audit_codes
from leadanalytics.auditing.days import count_days
from leadanalytics.auditing.offers import audit_offers
from leadanalytics.auditing.problems import audit_leads
from leadanalytics.auditing.reconciling import reconcile

__all__ = ["audit_codes", "audit_leads", "audit_offers", "count_days", "reconcile"]
