"""When a video is over, and whether too early. Pure: no Qt."""

from app.media.playing.film_feed import FilmEnd, FilmFacts

SHORT_SECONDS, SHORT_SHARE = 1.0, 0.05
"""A picture that ends this much before the file's own length was cut off."""
USUAL_FRAME = 0.04
"""Seconds that the last picture is shown where the file does not tell."""


def breaks_off(end: FilmEnd, facts: FilmFacts | None) -> bool:
    """Whether the picture ends well before the file says, for damage and not for sound that goes on."""
    length = facts.duration if facts else 0.0
    missing = length - end.reached
    return missing > SHORT_SECONDS + SHORT_SHARE * length and bool(end.damaged or end.refused)


def last_second(end: FilmEnd, facts: FilmFacts | None) -> float:
    """Seconds at which nothing more is to be seen or heard."""
    frame = 1 / facts.frame_rate if facts and facts.frame_rate else USUAL_FRAME
    last = end.reached + frame
    if facts is None or not facts.has_sound or end.refused or breaks_off(end, facts):
        return last
    return max(last, facts.duration)
