"""How quickly a video can be watched."""

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


def nearest_speed(wanted: float) -> float:
    """The one of `SPEEDS` that is nearest."""
    return min(SPEEDS, key=lambda speed: abs(speed - wanted))


def next_speed(speed: float, by: int) -> float:
    """The one so many places further on in `SPEEDS`, at most the last and at least the first."""
    place = SPEEDS.index(nearest_speed(speed)) + by
    return SPEEDS[min(max(place, 0), len(SPEEDS) - 1)]
