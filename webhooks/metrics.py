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
