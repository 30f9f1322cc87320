"""Celery's consumer without what it prepares for timers in the broker: we have none (docs/decisions/0005)."""

from __future__ import annotations

from celery.worker.consumer import Consumer

_NATIVE_TIMERS = "celery.worker.consumer.delayed_delivery:DelayedDelivery"


class PlainConsumer(Consumer):  # type: ignore[misc]  # Celery has no types
    """Leaves out a step that declares 28 replicated queues in RabbitMQ, for tasks that are sent to be done later."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]  # the same
        default_steps = tuple(step for step in Consumer.Blueprint.default_steps if step != _NATIVE_TIMERS)
