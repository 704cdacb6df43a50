"""How gunicorn serves server.wsgi:app: a few processes, a few threads each, and an end to every wait."""

import importlib
import os
import shutil
import sys
import tempfile

# Half a millisecond instead of five: a request that comes back from the database does not wait behind a
# whole other one. Beside 333 heartbeats a second a citizen's read took two thirds of the time.
sys.setswitchinterval(0.0005)

bind = os.environ.get("ONETHING_BIND", "127.0.0.1:8080")

# Threads, not gevent: a view that computes starves every other greenlet of its process.
worker_class = "gthread"
workers = int(os.environ.get("ONETHING_WORKERS", "2"))
threads = int(os.environ.get("ONETHING_THREADS", "4"))
# Each process makes the application itself, with its own database pool and its own loop for calls: neither
# survives a fork. The program it is made of is read once for all of them, see on_starting.
preload_app = False

# Longer than any act may take (fetching from the registers is bounded by its own deadlines).
timeout = 30
# Shorter than the service manager's patience, so that acts in flight finish and are acknowledged.
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000

# The largest headers are a terminal's signature and its session; queries carry no personal data.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 4096

# A terminal signs the path as it was sent, which the server reads from RAW_URI: gunicorn always passes it on.
# Only the nginx on this machine (or of the same compose project) may say what the scheme was.
forwarded_allow_ips = os.environ.get("ONETHING_FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# Heartbeat files in memory: on a busy disk a worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(server):
    """The processes' counts lie side by side, in memory: what /metrics shows is all of them together.

    Reading the program takes longer than anything else about a start, so that no process does it for itself.
    Importing it opens nothing and starts nothing. A new version wants a restart, as its tables do.
    """
    os.environ[_COUNTS] = tempfile.mkdtemp(prefix="onething-metrics-", dir=worker_tmp_dir)
    server.app.chdir()
    importlib.import_module(server.app.app_uri.partition(":")[0])


def child_exit(_server, worker):
    """A process that is gone answers no requests, but those it has answered stay counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server):
    """Nothing is left behind."""
    shutil.rmtree(os.environ.pop(_COUNTS), ignore_errors=True)


# No control socket: the unit's home is read-only, and the service manager is the only one to give orders.
control_socket_disable = True

# The application writes its own request log, as JSON and without query strings.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("ONETHING_LOG_LEVEL", "info")
