"""What a run and a library cost: prices are assumptions, each an option of the command."""

from dataclasses import dataclass

from benchmarks.archive.holding import Holding
from benchmarks.archive.simulation import IndexingRun


@dataclass(frozen=True, slots=True)
class Prices:
    """In one currency; the defaults are round numbers near what is asked for rented machines."""

    core_hour: float = 0.04
    card_hour: float = 2.50
    terabyte_month: float = 20.0
    memory_month: float = 3.0
    """Of a gigabyte."""
    kilowatt_hour: float = 0.30
    core_watts: float = 10.0
    """Of a core of one’s own that works."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What is paid."""

    rented: float
    """Once, for machines that index, idle cores paid too."""
    electricity: float
    """Once, where the machines are one’s own."""
    monthly: float
    """For the disk of library and vectors, and the memory that searching needs."""


def bill(run: IndexingRun, holding: Holding, memory: float, prices: Prices) -> Bill:
    """Reckon it.

    Args:
        run: the indexing.
        holding: the library.
        memory: bytes that searching holds.
        prices: of everything.
    """
    hours = run.seconds / 3600
    nodes = run.machines.nodes
    rented = hours * nodes * (run.machines.cores * prices.core_hour + run.machines.cards * prices.card_hour)
    electricity = run.processor / 3600 * prices.core_watts / 1000 * prices.kilowatt_hour
    disk = (holding.library_bytes + holding.vector_bytes) / 1e12 * prices.terabyte_month
    return Bill(rented, electricity, disk + memory / 1e9 * prices.memory_month)
