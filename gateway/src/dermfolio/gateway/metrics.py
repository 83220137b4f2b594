"""What the gateway counts. Labels are routes and codes, never ids."""

from prometheus_client import Counter, Gauge, Histogram

REQUEST_SECONDS = Histogram(
    "dermfolio_http_request_seconds",
    "Time from a request's headers to the end of its answer",
    ["method", "route", "status"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10),
)
UPLOADS_READ = Gauge("dermfolio_http_uploads_read", "Uploads whose bytes are being read")
SOCKETS = Gauge("dermfolio_live_sockets", "Open live connections")
RESYNCS = Counter("dermfolio_live_resyncs", "Times that everyone was told to fetch again")
