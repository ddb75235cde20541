"""Metrics for Prometheus: requests to this process, and the state of the home, computed at each scrape.

No name or label contains a title, name, path or address. Dashboard: docs/grafana.json; alerts: docs/alerts.yaml.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from db import clock
from db.catalogue.current import published
from db.catalogue.manifest import current_manifest
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from film import JobStatus
from service.library.backups import disk_use
from service.library.ears import current_version

HOME_SIZE_KEPT_S = 300
"""Seconds. Measuring a home of 100,000 parts takes a moment, so its size is computed at most this often."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Requests:
    """Requests to one API process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._count = Counter(
            "filmscore_requests", "Answered requests, by route and status.", ("route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "filmscore_request_seconds",
            "Time until a request was answered, by route.",
            ("route",),
            buckets=BUCKETS_S,
            registry=registry,
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request.

        Args:
            route: its template, such as /films/{film_id}; never the visitor's input.
        """
        self._count.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class HomeCollector(Collector):
    """Films, jobs, snapshot, backup and disk of a home at the time of each scrape."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}
        self._sized_at = -float("inf")

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: the home is read at each scrape, not when the process starts."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        yield from self._snapshot()
        yield from self._state()
        yield self._bytes()
        yield GaugeMetricFamily(
            "filmscore_disk_free_bytes",
            "Free bytes on the home's disk.",
            value=shutil.disk_usage(self._home.root).free if self._home.root.exists() else 0,
        )

    def _snapshot(self) -> Iterator[Metric]:
        usable = GaugeMetricFamily("filmscore_catalogue_usable", "1 if the published catalogue can be read, else 0.")
        try:
            manifest = current_manifest(self._home) if published(self._home) else None
        except CatalogueError:
            usable.add_metric([], 0)
            yield usable
            return
        usable.add_metric([], 1)
        yield usable
        if manifest is None:
            return
        films = GaugeMetricFamily(
            "filmscore_films", "Films in the catalogue, by what is known about them.", labels=["state"]
        )
        films.add_metric(["known"], manifest.films)
        films.add_metric(["heard"], manifest.heard)
        films.add_metric(["with_music"], manifest.with_music)
        yield films
        yield GaugeMetricFamily("filmscore_publishes", "Snapshots published so far.", value=manifest.sequence)
        yield GaugeMetricFamily(
            "filmscore_snapshot_timestamp_seconds",
            "Time when the current snapshot was published.",
            value=clock.moment(manifest.created_at).timestamp(),
        )

    def _state(self) -> Iterator[Metric]:
        if not self._home.state_path.exists():
            return
        try:
            with State.open(self._home) as state:
                counts, backup = state.job_counts(), state.last_done("backup")
        except CatalogueError:
            return
        jobs = GaugeMetricFamily("filmscore_jobs", "Jobs, by state.", labels=["state"])
        for name in JobStatus:
            jobs.add_metric([name], counts.get(name, 0))
        yield jobs
        yield GaugeMetricFamily(
            "filmscore_last_backup_timestamp_seconds",
            "Time of the last backup, 0 if there was none.",
            value=clock.moment(backup).timestamp() if backup else 0,
        )
        ear = GaugeMetricFamily("filmscore_ear_info", "The models in use.", labels=["model_version"])
        ear.add_metric([current_version(self._home)], 1)
        yield ear

    def _bytes(self) -> Metric:
        with self._lock:
            if time.monotonic() - self._sized_at > HOME_SIZE_KEPT_S:
                self._sizes = disk_use(self._home) if self._home.root.exists() else {}
                self._sizes.pop("free", None)
                self._sized_at = time.monotonic()
        metric = GaugeMetricFamily("filmscore_home_bytes", "Bytes in the home, by purpose.", labels=["part"])
        for part, size in self._sizes.items():
            metric.add_metric([part], size)
        return metric


def registry_of(home: Home) -> CollectorRegistry:
    """A registry with the home's metrics. `Requests` adds the process's own."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(HomeCollector(home))
    return registry
