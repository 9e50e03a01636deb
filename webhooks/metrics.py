"""What Prometheus may read: counts and times, never a name or a text."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

DELIVERIES = Counter("passerelle_deliveries", "Deliveries at the door, by outcome", ["outcome"], registry=REGISTRY)
DELIVERY_SECONDS = Histogram("passerelle_delivery_seconds", "Time to answer a delivery", registry=REGISTRY)
INBOX = Gauge("passerelle_inbox", "Deliveries by state", ["state"], registry=REGISTRY)
OUTBOX = Gauge("passerelle_outbox", "Acts by state", ["state"], registry=REGISTRY)
LAG = Gauge("passerelle_lag_seconds", "Age of the oldest delivery that still waits", registry=REGISTRY)
HEARTBEAT = Gauge("passerelle_worker_age_seconds", "Seconds since the worker was last seen", registry=REGISTRY)
PAUSED = Gauge("passerelle_paused", "1 while everything is paused", registry=REGISTRY)
INLINE = Counter(
    "passerelle_inline", "Requests of the pages' elements, by route and status", ["route", "status"], registry=REGISTRY
)
INLINE_SECONDS = Histogram(
    "passerelle_inline_seconds", "Time to answer a draft or a topic being read", ["route"], registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.75, 1.5, 5),
)  # fmt: skip
INLINE_HANDLERS = Counter(
    "passerelle_inline_handlers", "Runs of plugins' inline handlers: given, nothing, late, failed, left_out, crowded",
    ["plugin", "handler", "outcome"], registry=REGISTRY,
)  # fmt: skip
READY = Gauge(
    "passerelle_ready_share", "How much of what a plugin's answers stand on is in memory, 0 to 1", ["plugin"],
    registry=REGISTRY,
)  # fmt: skip
