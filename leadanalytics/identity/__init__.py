"""Who the customers are: which leads belong to one person, and one row per person."""

from leadanalytics.identity.collapsing import collapse_customers
from leadanalytics.identity.edges import matches
from leadanalytics.identity.identifying import identify_customers

__all__ = ["collapse_customers", "identify_customers", "matches"]
