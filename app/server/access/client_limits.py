"""What one client may cost, and all of them together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Generous for a household; a program that asks too much is told to come again."""

    body_bytes: int = 16 << 10
    body_seconds: float = 10.0
    """For a body to arrive."""
    target_bytes: int = 32 << 10
    """Of path and query of a request: the longest query, in letters that take twelve bytes each there."""
    moments: int = 1000
    """Of one answer."""
    depth: int = 2000
    """Place of the last moment that can be asked for."""
    curves: int = 50
    """Videos of one answer."""
    searches: int = 2
    """At once: each uses every core that it can."""
    readings: int = 8
    """Other questions to the library at once."""
    waiting: int = 128
    """Requests that wait for one of these; others are told to come again."""
    wait_seconds: float = 20.0
    """For a turn."""
    work_seconds: float = 60.0
    """For an answer, once it is worked at."""
    files: int = 48
    """Videos that are sent at once."""
    files_of_one: int = 12
    """Of these to one person."""
    events: int = 64
    """Clients that listen to events."""
    events_of_one: int = 12
    explanations: int = 8
    """Who waits for why a moment was found, one of one person; it is worked at one after the other."""
    explanation_rate: float = 0.5
    """Of these for one person a second, in the long run."""
    explanation_burst: float = 10.0
    example_seconds: float = 4.0
    """For which one request waits for examples."""
    examples_kept: float = 60.0
    """Seconds for which the same are given."""
    tags: int = 100_000
    """Tagged videos and moments of a library, beyond which nobody can tag over HTTP."""
    clips: int = 2
    """Parts of videos that are written at once."""
    clip_seconds: float = 300.0
    """The longest."""
    clip_work_seconds: float = 120.0
    """For writing one."""
    rate: float = 60.0
    """Requests of one person a second, in the long run."""
    burst: float = 600.0
    """Requests of one person at once: a page of thumbnails."""
    guesses: float = 30.0
    """Wrong tokens from one address a minute."""
