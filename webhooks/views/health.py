"""`/health`, `/ready` and `/metrics`: for whatever watches over this service."""

from datetime import datetime

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from webhooks import metrics
from webhooks.facts import recalled
from webhooks.inbox import Inbox
from webhooks.schema import is_current
from webhooks.service import Service
from webhooks.tables import outbox

blueprint = Blueprint("health", __name__)

WORKER_LATE_SECONDS = 120


def _service() -> Service:
    service = current_app.extensions["passerelle"]
    assert isinstance(service, Service)
    return service


@blueprint.get("/health")
def health() -> Response:
    """Say that this process lives."""
    return jsonify(status="ok")


@blueprint.get("/ready")
def ready() -> tuple[Response, int]:
    """200 where deliveries can be stored and a worker was seen within two minutes; else 503 with the reasons."""
    service = _service()
    reasons: list[str] = []
    try:
        if not is_current(service):
            reasons.append("The database's tables are not up to date: run `passerelle migrate`.")
        elif _worker_age(service) is None:
            reasons.append("No worker has been seen yet: start `passerelle worker`.")
        elif (_worker_age(service) or 0) > WORKER_LATE_SECONDS:
            reasons.append("The worker has not been seen for two minutes.")
        shortage = current_app.extensions["passerelle.door"].shortage()
        if shortage:
            reasons.append(shortage)
        if not service.config.hook_secrets:
            reasons.append("PASSERELLE_HOOK_SECRET is not set: every delivery is refused.")
    except SQLAlchemyError:
        reasons.append("The database does not answer.")
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Counts and times in Prometheus' format."""
    service = _service()
    inbox = Inbox(service.database, service.site, service.clock)
    for state, count in inbox.counts().items():
        metrics.INBOX.labels(state=state).set(count)
    with service.database.read() as connection:
        states = select(outbox.c.state, func.count()).where(outbox.c.site == service.site).group_by(outbox.c.state)
        for state, count in connection.execute(states):
            metrics.OUTBOX.labels(state=state).set(count)
    oldest = inbox.oldest_waiting()
    metrics.LAG.set(_seconds_since(service, oldest) if oldest else 0.0)
    metrics.HEARTBEAT.set(_worker_age(service) or 0.0)
    for plugin, (done, of) in service.desk.ready.items():
        metrics.READY.labels(plugin=plugin).set(done / of if of else 1.0)
    paused = recalled(service.database, service.site, "paused")
    metrics.PAUSED.set(1 if paused and paused[0] else 0)
    return Response(generate_latest(metrics.REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _worker_age(service: Service) -> float | None:
    found = recalled(service.database, service.site, "heartbeat")
    return None if found is None else _seconds_since(service, found[1])


def _seconds_since(service: Service, moment: datetime) -> float:
    return max(0.0, (service.clock.now() - moment).total_seconds())
