"""`./dev bench --walls`: the portal with and without its second wall and its audit log, by turns in one run."""

import statistics
import subprocess
from collections.abc import Sequence

from demo.bench import load
from demo.bench.scenarios import Scenario

ROUNDS = 3
#: What audit log, row-level security and encryption may cost together.
MOST = 0.25


def compare(
    scenarios: Sequence[Scenario],
    seconds: float,
    threads: int,
    servers: Sequence[tuple[int, subprocess.Popen[bytes]]],
    database: int,
) -> str:
    """A table in Markdown. `servers`: port and process, with the walls and without them."""
    lines = [
        "| request | requests/s | without | CPU ms | without | throughput lost | CPU more |",
        f"|{' --- |' * 7}",
    ]
    totals = [0.0, 0.0]
    for scenario in scenarios:
        rounds: tuple[list[load.Figures], list[load.Figures]] = ([], [])
        for _turn in range(ROUNDS):
            for figures, (port, process) in zip(rounds, servers, strict=True):
                figures.append(
                    load.measure(
                        port,
                        scenario.shots,
                        seconds=seconds,
                        threads=threads,
                        application=process.pid,
                        database=database,
                    )
                )
        (own, bare), (own_cpu, bare_cpu) = (
            [statistics.median(one.per_second for one in figures) for figures in rounds],
            [
                statistics.median(one.application_cpu + one.database_cpu for one in figures)
                for figures in rounds
            ],
        )
        totals = [totals[0] + 1 / own, totals[1] + 1 / bare]
        lines.append(
            f"| {scenario.name} | {own:.0f} | {bare:.0f} | {own_cpu:.2f} | {bare_cpu:.2f} "
            f"| {1 - own / bare:.0%} | {own_cpu / bare_cpu - 1:.0%} |"
        )
        print("  " + lines[-1], flush=True)
    lost = 1 - totals[1] / totals[0]
    verdict = "within" if lost <= MOST else "beyond"
    lines += ["", f"One of each: {lost:.0%} of the throughput lost, {verdict} the aim of {MOST:.0%}."]
    return "\n".join(lines)
