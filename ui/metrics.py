"""Figures of a running program for Prometheus: the only door to its client. No label holds a word of anybody's.

What is counted is of the whole process; what is measured is read when somebody asks for it, at /metrics.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ui.compose import House
from vectorstore.usage import BOUNDS_S

TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""The media type of what `exposition` says."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

disable_created_metrics()  # type: ignore[no-untyped-call]
_counted = CollectorRegistry()
ProcessCollector(registry=_counted)
_requests = Counter("thamkhlang_requests", "Requests answered.", ["route", "method", "status"], registry=_counted)
_request_seconds = Histogram(
    "thamkhlang_request_seconds", "From a request's head to its last byte.", ["route"], buckets=BOUNDS_S, registry=_counted
)
_questions = Counter("thamkhlang_questions", "Questions asked, by where.", ["face"], registry=_counted)
_refusals = Counter("thamkhlang_refusals", "Questions without an answer, by why.", ["reason"], registry=_counted)
_failures = Counter("thamkhlang_failures", "Questions that broke off.", ["face"], registry=_counted)
_answer_seconds = Histogram(
    "thamkhlang_answer_seconds", "From a question to its whole reply.", ["path"], buckets=BOUNDS_S, registry=_counted
)
Read = Callable[[], float | Mapping[str, float]]
"""What reads a gauge: its value, or its values by the label `kind`, of which there must be few."""
_watched: dict[str, tuple[str, Read]] = {}


def requested(route: str, method: str, status: int, seconds: float) -> None:
    """Counts a request that was answered; `route` is a template, never the path that was sent."""
    _requests.labels(route, method if method in _METHODS else "other", str(status)).inc()
    _request_seconds.labels(route).observe(seconds)


def asked(face: str, path: str, seconds: float, refused: str = "") -> None:
    """Counts a question that was replied to: by the model, by the documents' own words, or, where `refused`, by neither."""
    _questions.labels(face).inc()
    _answer_seconds.labels(path).observe(seconds)
    if refused:
        _refusals.labels(refused).inc()


def failed(face: str) -> None:
    """Counts a question that broke off."""
    _questions.labels(face).inc()
    _failures.labels(face).inc()


def watch(name: str, about: str, read: Read) -> None:
    """Shows the gauge thamkhlang_`name` from now on, in the place of another of that name; `read` is asked each time.

    For parts of the program that keep figures of their own, as an inbox does.
    """
    _watched[name] = about, read


def exposition(house: House) -> bytes:
    """All figures, as Prometheus reads them."""
    measured = CollectorRegistry()
    measured.register(_Measured(house))
    return generate_latest(_counted) + generate_latest(measured)


class _Measured:
    """What is read anew each time."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[GaugeMetricFamily]:
        status = self._house.store.status()
        for name, about, value in (
            ("documents", "Documents in the archive.", status.documents),
            ("passages", "Passages in the archive.", status.passages),
            (
                "index_ready",
                "1 where the vector index answers, 0 while vectors are searched in the record.",
                status.index == "ready",
            ),
            ("index_faulty", "1 where the indexes have a problem.", bool(status.problem)),
            ("index_unswept", "1 while indexes may have bytes of what was removed.", bool(status.unswept)),
            ("disk_free_bytes", "Free space where the archive is.", shutil.disk_usage(self._house.store.home).free),
        ):
            yield GaugeMetricFamily(f"thamkhlang_{name}", about, value=float(value))
        for name, (about, read) in _watched.items():
            yield _gauge(f"thamkhlang_{name}", about, read())


def _gauge(name: str, about: str, value: float | Mapping[str, float]) -> GaugeMetricFamily:
    if not isinstance(value, Mapping):
        return GaugeMetricFamily(name, about, value=float(value))
    family = GaugeMetricFamily(name, about, labels=["kind"])
    for kind, one in value.items():
        family.add_metric([kind], float(one))
    return family
