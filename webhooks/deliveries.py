"""What happens to one delivery: the memory follows it, then each plugin that listens hears of it, alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from connector.errors import BadPayload, ForumError, ForumUnavailable
from connector.models import Event
from plugins.contract import Listener, Plugin
from webhooks import budget, unsure
from webhooks.context import Ground, HostContext
from webhooks.erasure import erase
from webhooks.handling import Ended, handle
from webhooks.identity import bot_ids, is_by_machine
from webhooks.inbox import Delivery, Inbox
from webhooks.isolation import isolated
from webhooks.logs import place_of
from webhooks.markers import marker_in
from webhooks.service import Service

log = structlog.get_logger("passerelle.deliveries")

FORUM_AWAY = timedelta(seconds=30)


class Deliveries:
    """Works off one site's inbox."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.inbox = Inbox(service.database, service.site, service.clock)

    def step(self, limit: int = 20) -> int:
        """Work off some deliveries; gives how many were claimed."""
        claimed = self.inbox.claim(limit)
        for place, delivery in enumerate(claimed):
            if not self._work(delivery):
                # The forum is away: the others would only find the same.
                for other in claimed[place + 1 :]:
                    self.inbox.again(other, "", after=FORUM_AWAY, counts=False)
                break
        return len(claimed)

    def _work(self, delivery: Delivery) -> bool:
        """False where the forum could not be asked."""
        ended: list[Ended] = []

        def work() -> None:
            if not delivery.applied:
                self._apply(delivery)
            ended.extend(self._tell(delivery))

        try:
            # A delivery that breaks us must not stop the rest.
            fault = isolated(work, ForumError, BadPayload, OperationalError)
        except ForumUnavailable as error:
            after = timedelta(seconds=error.retry_after) if error.retry_after else FORUM_AWAY
            self.inbox.again(delivery, error.message, after=after, counts=False)
            return False
        except OperationalError as error:
            self.inbox.again(delivery, place_of(error), counts=False, after=timedelta(seconds=5))
            return True
        except (ForumError, BadPayload) as error:
            self.inbox.again(delivery, str(error))
            return True
        if fault is not None:
            log.error("delivery_failed", delivery=delivery.id, event_name=delivery.event.name, where=fault.where)
            self.inbox.again(delivery, fault.where)
        else:
            self._settle(delivery, ended)
        return True

    def _apply(self, delivery: Delivery) -> None:
        event = delivery.event
        applied = self._service.archive.apply(event, self._service.forum)
        for member_id in applied.erased:
            erase(self._service, member_id, in_archive=False)
        self._recognise(event)
        self.inbox.applied(delivery)

    def _recognise(self, event: Event) -> None:
        """Our own post coming back settles an act in doubt; a member's post in our conversation is a reaction."""
        if event.type != "post":
            return
        service, post = self._service, event.post()
        now = service.clock.now()
        marker = marker_in(post.raw)
        with service.database.begin() as connection:
            if marker is not None:
                unsure.confirm(connection, service.site, marker, post.id, post.topic_id, now)
            elif event.is_private_message and post.user_id is not None:
                budget.reacted(connection, service.site, post.user_id, now)

    def _tell(self, delivery: Delivery) -> list[Ended]:
        event, service = delivery.event, self._service
        if event.is_private_message:
            return []
        with service.database.read() as connection:
            bots = bot_ids(connection, service.site)
        if is_by_machine(event, bots):
            return []
        return [
            handle(service, self._ground(plugin, listener, delivery), listener.name, _call(listener, event))
            for plugin in service.registry
            for listener in plugin.listeners
            if event.name in listener.events and service.is_on(plugin.name)
        ]

    def _ground(self, plugin: Plugin, listener: Listener, delivery: Delivery) -> Ground:
        return Ground(plugin, cause=f"event:{delivery.id}", ceiling=listener.ceiling)

    def _settle(self, delivery: Delivery, ended: list[Ended]) -> None:
        open_until: list[datetime] = [one.run_at for one in ended if one.run_at and one.state in ("failed", "waiting")]
        if open_until:
            wait = max(timedelta(seconds=1), min(open_until) - self._service.clock.now())
            error = next((one.error for one in ended if one.error), "")
            self.inbox.again(delivery, error, after=wait, counts=False)
        elif any(one.state == "quarantined" for one in ended):
            self.inbox.quarantine(delivery, next(one.error for one in ended if one.state == "quarantined"))
        else:
            self.inbox.done(delivery)


def _call(listener: Listener, event: Event) -> Callable[[HostContext], Any]:
    return partial(listener.func, event)
