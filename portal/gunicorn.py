"""Gunicorn's configuration: threads, because a request waits for the database most of its time.

Connections: workers × threads here and the Celery children together stay far below PostgreSQL's limit.
"""

import os

from portal import arriving

# Seconds in which a request's headers and its body must be there.
arriving.HEADERS_WITHIN = float(os.environ.get("WEB_HEADERS_WITHIN", "10"))
arriving.BODY_WITHIN = float(os.environ.get("WEB_BODY_WITHIN", "60"))


def on_starting(server: object) -> None:
    """A portal without a key for its data doesn't start, whichever application it serves."""
    import django
    from django.db import connections

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from core.sealed.known import require_keys

    require_keys()
    connections.close_all()  # no worker takes one over


bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
# Threads that a slow connection can’t hold: ADR 20.
worker_class = "portal.waiting_room.Worker"
worker_connections = 500
sendfile = False  # a file goes out by the same way as all else, which never waits for its reader
workers = int(os.environ.get("WEB_CONCURRENCY") or len(os.sched_getaffinity(0)))
threads = int(os.environ.get("WEB_THREADS", "4"))
# One import for all workers: half the time to start, and shared memory.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# A worker is replaced now and then, not all at the same time.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file of a worker must not stand on a slow disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
accesslog = os.environ.get("WEB_ACCESS_LOG") or None
# Without the query string: a search text may name a patient.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
control_socket_disable = True
