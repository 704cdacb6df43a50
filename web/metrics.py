"""Numbers for Prometheus (text format 0.0.4), for this machine alone: nginx does not show them.

What is counted: requests by rule, method and status with their times; work that waits and that was given up;
terminals by health; open alerts. Several processes of one server write beside each other into the folder
``PROMETHEUS_MULTIPROC_DIR``, which deploy/gunicorn makes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Flask, Response, current_app, g
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from onething.domain.catalog import CatalogError
from onething.services.metering import Standing, measure
from web import gates
from web.current import current_ports, current_request
from web.refusals import NotReady

_EXTENSION = "onething.metrics"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

metrics = Blueprint("metrics", __name__)


class RequestMetrics:
    """Counts what this process, or with the folder every process of the server, has answered."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "onething_requests", "Requests answered", ["route", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "onething_request_seconds", "Time to answer", ["route"], buckets=_SECONDS, registry=self._registry
        )

    def count(self, answer: Response) -> Response:
        """After each request; the rule and not the path, which is the sender's."""
        asked = current_request()
        route = asked.url_rule.rule if asked.url_rule else "none"
        # A number that cannot be kept costs nobody an answer.
        with suppress(OSError):
            self._requests.labels(route, asked.method, str(answer.status_code)).inc()
            self._seconds.labels(route).observe(time.perf_counter() - g.began)
        return answer

    def gather(self) -> CollectorRegistry:
        """What was counted, to be shown."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return self._registry
        together = CollectorRegistry()
        MultiProcessCollector(together)
        return together


class _Gauges(Collector):
    """How the installation stands at this moment."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each thing that is measured."""
        now = self._standing
        waiting = GaugeMetricFamily("onething_jobs", "Work by kind and state", labels=["kind", "state"])
        overdue = GaugeMetricFamily(
            "onething_jobs_overdue_seconds",
            "How long its first has been due",
            labels=["kind", "state"],
        )
        for queue in now.queues:
            waiting.add_metric([queue.kind, queue.state], queue.number)
            overdue.add_metric([queue.kind, queue.state], max(0.0, (now.at - queue.due_at).total_seconds()))
        terminals = GaugeMetricFamily("onething_terminals", "Terminals in use by health", labels=["health"])
        for word, number in sorted(now.terminals.items()):
            terminals.add_metric([word], number)
        yield from (waiting, overdue, terminals)
        yield GaugeMetricFamily("onething_alerts_open", "Open alerts of terminals", value=now.open_alerts)
        yield GaugeMetricFamily("onething_catalog_revision", "The catalog in force", value=now.revision)


@metrics.get("/metrics")
@gates.public
def show() -> Response:
    """All numbers; 503 while the database is away or nothing is published."""
    counted: RequestMetrics = current_app.extensions[_EXTENSION]
    now = CollectorRegistry()
    now.register(_Gauges(_standing()))
    text = generate_latest(counted.gather()) + generate_latest(now)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def register_metrics(app: Flask) -> None:
    """Count every request of this application, and show the numbers under /metrics."""
    counted = app.extensions[_EXTENSION] = RequestMetrics()
    app.after_request(counted.count)
    app.register_blueprint(metrics)


def _standing() -> Standing:
    try:
        return measure(current_ports())
    except CatalogError as error:
        raise NotReady from error
