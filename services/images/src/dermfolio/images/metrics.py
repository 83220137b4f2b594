"""What images counts of its objects. Labels are kinds, never ids."""

from prometheus_client import Counter, Gauge

FOUND = Counter(
    "dermfolio_images_found",
    "Objects found missing or damaged, or a store that has lost many; each is an alarm",
    ["object", "finding"],
)
FINDINGS = Gauge(
    "dermfolio_images_findings",
    "Objects that are missing or damaged; of the store 1 while it has lost many",
    ["object", "finding"],
)
QUARANTINED = Gauge("dermfolio_images_quarantined", "Objects that no image claims, kept for the grace period")
EXAMINED = Counter("dermfolio_images_examined", "Originals that were opened and hashed", ["outcome"])
