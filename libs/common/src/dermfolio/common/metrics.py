"""What a process counts. Labels are subjects and names of parts, never ids."""

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("dermfolio_bus_handled", "Messages handled", ["subject", "outcome"])
HANDLING_SECONDS = Histogram(
    "dermfolio_bus_handling_seconds", "Time in the handler", ["subject"], buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2, 10)
)
AGE_SECONDS = Histogram(
    "dermfolio_bus_age_seconds",
    "Age of a job when its handler begins",
    ["subject"],
    buckets=(0.05, 0.2, 1, 5, 30, 120, 600),
)
RETRIED = Counter("dermfolio_bus_retried", "Jobs put back for later", ["subject", "reason"])
BURIED = Counter("dermfolio_bus_buried", "Messages moved to the dead-letter stream", ["subject"])
IN_FLIGHT = Gauge("dermfolio_bus_in_flight", "Handlers at work", ["kind"])
CONNECTED = Gauge("dermfolio_bus_connected", "1 while the bus is connected")
OUTBOX_PUBLISHED = Counter("dermfolio_outbox_published", "Outbox rows published", ["subject"])
OUTBOX_RESENT = Counter("dermfolio_outbox_resent", "Jobs sent again because the bus had lost them", ["subject"])
OUTBOX_OLDEST = Gauge("dermfolio_outbox_oldest_seconds", "Age of the oldest row not yet published")
FOLLOWER_SEQ = Gauge("dermfolio_follower_seq", "Highest fact applied", ["follower", "producer"])
FOLLOWER_LAG = Gauge(
    "dermfolio_follower_lag", "Facts the producer has and the follower has not", ["follower", "producer"]
)
