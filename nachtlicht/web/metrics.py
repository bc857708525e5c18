"""Counts for Prometheus: requests by route, lines by level, streams, answers that came late."""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sanic import HTTPResponse, Request
from sanic.response import BaseHTTPResponse

from nachtlicht.chat import Chat
from nachtlicht.web.kinds import App

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The numbers of one app, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "nachtlicht_request_seconds",
            "Time to the end of an answer; streams are not counted.",
            ["route", "status"],
            buckets=BUCKETS,
            registry=self.registry,
        )

    def watch(self, chat: Chat) -> None:
        """Read the counts of `chat` at every scrape."""
        self.registry.register(_ChatCollector(chat))


class _ChatCollector(Collector):
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def collect(self) -> Iterable[Metric]:
        counts = self._chat.counts
        yield GaugeMetricFamily(
            "nachtlicht_open_streams", "Streams of young people.", self._chat.youth.streams
        )
        yield CounterMetricFamily(
            "nachtlicht_late_replies", "Answers of the bot that were dropped.", counts.late_replies
        )
        yield GaugeMetricFamily(
            "nachtlicht_verdicts_waiting",
            "Stored lines of which the risk model has not spoken yet.",
            self._chat.verdicts_waiting,
        )
        yield CounterMetricFamily(
            "nachtlicht_rules_alone",
            "Lines of which the risk model had not spoken in time.",
            counts.rules_alone,
        )
        yield CounterMetricFamily(
            "nachtlicht_bot_remembered", "Wipes that the bot did not hear of.", counts.remembered
        )
        yield CounterMetricFamily(
            "nachtlicht_failed_tasks", "Work in the background that failed.", counts.failed_tasks
        )
        lines = CounterMetricFamily("nachtlicht_lines", "Lines by risk level.", labels=["level"])
        for level, number in counts.lines.items():
            lines.add_metric([level], number)
        yield lines
        silent = CounterMetricFamily("nachtlicht_bot_silent", "Bot silences.", labels=["why"])
        for why, number in counts.silent.items():
            silent.add_metric([why], number)
        yield silent


def install_metrics(app: App) -> None:
    """Time every request of `app` by the name of its route, never by its address."""
    app.ctx.metrics = Metrics()

    async def begin(request: Request) -> None:
        request.ctx.began = time.monotonic()

    async def end(request: Request, response: BaseHTTPResponse) -> HTTPResponse | None:
        began = getattr(request.ctx, "began", None)
        is_stream = (response.content_type or "").startswith("text/event-stream")
        if began is None or request.route is None or is_stream:
            return None
        # Without the name of the app, which is another one in each process.
        route = request.route.name.partition(".")[2]
        seconds = app.ctx.metrics.seconds.labels(route, str(response.status))
        seconds.observe(time.monotonic() - began)
        return None

    app.register_middleware(begin, "request")
    app.register_middleware(end, "response")
