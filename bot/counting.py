"""The figures that `/metrics` shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge


@dataclass
class Counters:
    """One set for each process. The two gauges are read from the database at scrape time."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    messages: Counter = field(init=False)
    cases_opened: Counter = field(init=False)
    posts_sent: Counter = field(init=False)
    posts_uncertain: Counter = field(init=False)
    posts_parked: Counter = field(init=False)
    inbox_pending: Gauge = field(init=False)
    outbox_pending: Gauge = field(init=False)

    def __post_init__(self) -> None:
        def counter(name: str, text: str) -> Counter:
            return Counter(name, text, registry=self.registry)

        self.messages = counter("huying_messages_total", "Messages whose decision is committed")
        self.cases_opened = counter("huying_cases_opened_total", "Cases opened")
        self.posts_sent = counter("huying_posts_sent_total", "Posts that a platform took")
        self.posts_uncertain = counter(
            "huying_posts_uncertain_total", "Posts sent again after a kill, possibly twice"
        )
        self.posts_parked = counter("huying_posts_parked_total", "Posts given up with a reason")
        self.inbox_pending = Gauge(
            "huying_inbox_pending", "Messages not yet decided", registry=self.registry
        )
        self.outbox_pending = Gauge(
            "huying_outbox_pending", "Posts not yet sent", registry=self.registry
        )
