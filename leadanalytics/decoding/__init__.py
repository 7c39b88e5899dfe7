"""Delivered records become leads: codes, offers, customers, times, descriptions, tests and what is wrong with them."""

from leadanalytics.decoding.leads import decode_leads

__all__ = ["decode_leads"]
