"""Who the customers are: which leads belong to one person, and one row per person."""

from leadanalytics.identity.collapsing import collapse_customers
from leadanalytics.identity.identifying import identify_customers
from leadanalytics.identity.index import CustomerIndex

__all__ = ["CustomerIndex", "collapse_customers", "identify_customers"]
