"""Analytics for marketplace leads: load, decode, collapse duplicate customers, count funnels, show."""
