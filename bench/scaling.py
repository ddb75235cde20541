"""Cost of a hundred thousand films on a cluster: a simulation of the runner with slow machines and crashing workers.

    python -m bench.scaling [--films 100000] [--rate 12] [--json]
    python -m bench.scaling --costs [--rate 20] [--price 0.10]

The second form computes the total cost of analysed films and of titles without analysis. It multiplies their numbers by
the cost of one (`EACH`, measured elsewhere), the rate, and the price of one hour of a machine with two cores.

--rate is the measured number of seconds per hour of film on two cores (bench.ingest, default ear). Films last
exp(N(.55, .25)) h; one machine in fifty is four times slower than the others; a worker crashes once in 500 films and
restarts after a minute, and its film is requeued; one film in 10,000 crashes every worker and is dropped after three
attempts. Like the runner, the simulation gives the next film to the first free worker. Seed 23. The ideal is: equal
machines, no crashes, no machine idle at the end.
"""

from __future__ import annotations

import argparse
import heapq
import json
from collections import deque
from collections.abc import Iterator

import numpy as np

from ingest.runner import ATTEMPTS

SEED = 23
MACHINES = (1, 10, 100, 1_000)
SLOW_SHARE, SLOW_TIMES = 0.02, 4.0
DEATHS_PER_FILM = 1 / 500
BACK_AFTER_S = 60.0
DEADLY_SHARE = 1 / 10_000


def simulate(films: int, machines: int, rate: float, seed: int = SEED) -> dict[str, float]:
    """Hours until the last film is done, beside the ideal; number of films that were requeued and dropped."""
    rng = np.random.default_rng(seed)
    seconds = rate * np.exp(rng.normal(0.55, 0.25, films))
    deadly = rng.random(films) < DEADLY_SHARE
    slow = np.where(np.arange(machines) < round(SLOW_SHARE * machines), SLOW_TIMES, 1.0)
    waiting = deque(range(films))
    tries = np.zeros(films, dtype=int)
    free = [(0.0, machine) for machine in range(machines)]
    under_way: list[tuple[float, int, int, bool]] = []
    again = aside = 0
    now = 0.0
    while waiting or under_way:
        if waiting and free and (not under_way or free[0][0] <= under_way[0][0]):
            since, machine = heapq.heappop(free)
            film = waiting.popleft()
            tries[film] += 1
            dies = bool(deadly[film]) or rng.random() < DEATHS_PER_FILM
            took = seconds[film] * slow[machine] * (rng.random() if dies else 1.0)
            heapq.heappush(under_way, (max(now, since) + took, machine, film, dies))
            continue
        now, machine, film, dies = heapq.heappop(under_way)
        if dies and tries[film] < ATTEMPTS:
            again += 1
            waiting.append(film)
        aside += dies and tries[film] >= ATTEMPTS
        heapq.heappush(free, (now + (BACK_AFTER_S if dies else 0.0), machine))
    ideal = float(seconds.sum()) / machines
    return {
        "machines": machines,
        "hours": round(float(now) / 3600, 2),
        "ideal_hours": round(ideal / 3600, 2),
        "handed_in_again": again,
        "set_aside": int(aside),
    }


def runs(films: int, rate: float) -> Iterator[dict[str, float]]:
    """Run one simulation for each number of machines."""
    for machines in MACHINES:
        yield simulate(films, machines, rate)


EACH = {"part_mb": 0.9, "segment_mb": 0.11, "title_mb": 0.0018, "reader_mb": 0.009, "publish_s": 0.00025}
"""The cost of one on disk (docs/scaling.md, Storing: part and segment of an analysed film; state and catalogue of a
title), in a reader's memory (a title), and in processor time of a full publish (a title)."""
SIZES = ((1_000, 1_000), (100_000, 100_000), (100_000, 1_000_000))
"""Numbers of analysed films and of titles."""
MEAN_HOURS = 1.8


def costs(heard: int, titles: int, rate: float, price: float) -> dict[str, float]:
    """Disk and memory in GB, hours of analysis on one machine with two cores, its price, minutes of a full publish."""
    hours = heard * MEAN_HOURS * rate / 3600
    return {
        "heard": heard,
        "titles": titles,
        "disk_gb": round((heard * (EACH["part_mb"] + EACH["segment_mb"]) + titles * EACH["title_mb"]) / 1e3, 1),
        "reader_gb": round(0.15 + titles * EACH["reader_mb"] / 1e3, 2),
        "hearing_h": round(hours, 1),
        "money": round(hours * price, 2),
        "publish_min": round(titles * EACH["publish_s"] / 60, 1),
    }


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=12.0)
    parser.add_argument("--costs", action="store_true", help="what some sizes of a collection take")
    parser.add_argument("--price", type=float, default=0.10, help="of a machine of two cores, for an hour")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.costs:
        for heard, titles in SIZES:
            print(json.dumps(costs(heard, titles, options.rate, options.price)))
        return
    found = list(runs(options.films, options.rate))
    if options.json:
        print(json.dumps({"films": options.films, "rate": options.rate, "runs": found}))
        return
    for row in found:
        print(row)


if __name__ == "__main__":
    main()
