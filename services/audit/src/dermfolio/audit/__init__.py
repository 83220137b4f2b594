"""audit: the hash-chained trail."""
