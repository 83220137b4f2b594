"""Live updates: the stream of events, filtered for each browser. Hints only; REST is the truth."""
