"""ONNX networks opened for serving: threads capped, memory bounded, errors in our words; several blocks at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from errors import ModelError

T = TypeVar("T")


def each(work: Callable[[T], None], blocks: Iterable[T], threads: int) -> None:
    """Do the work on independent blocks of a film, several at once. One block on each core costs less than each block
    on all cores, since the threads need not wait for each other after each layer; and the features around a network
    are computed at the same time. An error, or Ctrl-C, leaves out the blocks that have not begun."""
    if threads == 1:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, blocks):
            pass


def one_blas_thread() -> AbstractContextManager[object]:
    """While it is entered, BLAS has one thread in this process. With more it rounds differently, so that what is heard
    would depend on how many films are heard at once; and an ear's products are so small that a second thread doubles
    the processor time and gains nothing."""
    from threadpoolctl import threadpool_limits  # a question to the catalogue opens networks too, and needs none of it

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def open_network(path: Path, threads: int = 1) -> Any:
    """An onnxruntime session on the CPU.

    Args:
        path: a checked weights file (models.ears.store.load_weights).
        threads: within an operator; operators run one after another.

    Raises:
        ModelError: the file is not an ONNX graph that ONNX Runtime can run.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # ONNX Runtime's arena stays on: without it the activations of thousands of patches leave the heap in pieces, and a
    # 2-hour film peaked at 1.2 GB instead of 0.5.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    failures = onnxruntime.capi.onnxruntime_pybind11_state
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (
        failures.Fail,
        failures.InvalidArgument,
        failures.InvalidGraph,
        failures.InvalidProtobuf,
        failures.NoSuchFile,
        failures.NotImplemented,
        failures.RuntimeException,
    ) as error:
        raise ModelError(f"{path}: not a network that can be run ({error}). Train or install it again.") from error
