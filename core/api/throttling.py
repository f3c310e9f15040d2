"""Limits for each client: counted in the cache, and in PostgreSQL while the cache can't be reached."""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.addresses import client_address, neighbourhood

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
# After the cache failed, leave it alone for so long: a cache that hangs must not slow every request down.
CACHE_PAUSE = 5.0
_cache_paused_until = 0.0
_COUNT = """
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return used
"""


@dataclass(frozen=True, slots=True)
class Count:
    """How many requests a bucket had in the present window, of how many, and when the next one begins (seconds)."""

    used: int
    limit: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit


def count(name: str, limit: int) -> Count:
    """Count one more request of `name` in the present minute."""
    now = time.time()
    window, reset = int(now // WINDOW), int(WINDOW - now % WINDOW) + 1
    bucket = f"{name}:{window}"
    used = _count_in_cache(bucket)
    return Count(used=_count_in_database(bucket) if used is None else used, limit=limit, reset=reset)


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)


def _count_in_cache(bucket: str) -> int | None:
    global _cache_paused_until
    if time.monotonic() < _cache_paused_until:
        return None
    try:
        # One command, so that no counter can be left without its end.
        return int(_client(settings.REDIS_URL).eval(_COUNT, 1, f"portal:rate:{bucket}", WINDOW * 2))
    except redis.RedisError as error:
        _cache_paused_until = time.monotonic() + CACHE_PAUSE
        logger.warning("cache out of reach, limits are counted in the database: %s", type(error).__name__)
        return None


def _count_in_database(bucket: str) -> int:
    # One statement, so that two requests at the same time are both counted.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_requestcount (bucket, count, expires_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (bucket) DO UPDATE SET count = api_requestcount.count + 1 RETURNING count",
            [bucket[:200], timezone.now() + timedelta(seconds=WINDOW * 2)],
        )
        return int(cursor.fetchone()[0])


class ClientThrottle(BaseThrottle):
    """So many requests a minute for each client or person (settings.API_REQUESTS_PER_MINUTE)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        actor = getattr(request, "actor", None)
        who = (
            f"{actor.kind}:{actor.id}"
            if actor
            else f"address:{neighbourhood(client_address(request._request))}"
        )
        result = count(who, settings.API_REQUESTS_PER_MINUTE)
        request._request.api_count = result  # type: ignore[attr-defined]
        if result.exceeded:
            raise Throttled(wait=result.reset)
        return True


def add_headers(response: Any, result: Count) -> None:
    """Say how much is left."""
    response["RateLimit-Limit"] = str(result.limit)
    response["RateLimit-Remaining"] = str(max(0, result.limit - result.used))
    response["RateLimit-Reset"] = str(result.reset)
