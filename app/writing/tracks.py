"""One text through time: seen again and again, read a little differently each time, or moving past."""

from dataclasses import dataclass, field

from jellyfish import damerau_levenshtein_distance, levenshtein_distance

from app.writing.plausible import letters_of
from app.writing.readings import Written

ALIKE = 0.75
"""Share of letters that two readings of one text have in common at least."""
_SURE, _SURE_ALIKE = 0.95, 0.9
"""Two that are this sure have so much in common but for one letter, and the same digits, or they are two
texts."""
_SAME_ROW = 0.6
"""Share of the lower one's height that two pieces of one row share."""
_PART = 0.5
"""A reading that is part of another one, cut off by an edge or a passer-by, has at least so much of it."""

_RUNNING_LEAST = 6
"""Letters that the end of a running text and the beginning of what is seen of it next share at least."""
_RUNNING_ERRORS = 0.15
_RUNNING_STEP = 2
"""Letters that have left the picture between the two, or come into it where none has."""
RUNNING_MOST = 160
"""Letters of a running text that make one line."""


@dataclass(slots=True)
class _Votes:
    """How often and how surely one reading was read."""

    total: float = 0.0
    best: float = 0.0
    sights: int = 0


@dataclass(slots=True, eq=False)
class Track:
    """A text that is in the picture, or was until just now."""

    start: float
    """Seconds."""
    last: float
    """Seconds of the frame that it was seen in last."""
    gone: float | None = field(default=None, init=False)
    """Seconds of the first frame after that in which it was not; None before there is one."""
    piece: Written
    """As it was seen last."""
    first: Written = field(init=False)
    """As it was seen first."""
    running: str = ""
    """What a text that runs through the picture has said so far; empty of one that stands."""
    _votes: dict[str, _Votes] = field(default_factory=dict)
    _letters: str = ""

    def __post_init__(self) -> None:
        self.first = self.piece
        self.see(self.start, self.piece)

    def see(self, time: float, piece: Written) -> None:
        """It is in the frame at `time` too, and reads so."""
        votes = self._votes.setdefault(piece.text, _Votes())
        votes.total += piece.confidence
        votes.best = max(votes.best, piece.confidence)
        votes.sights += 1
        self.last, self.gone, self.piece = time, None, piece
        self._letters = letters_of(piece.text)

    @property
    def text(self) -> str:
        """The best reading."""
        return self.running or self._best()[0]

    @property
    def confidence(self) -> float:
        """Of the best reading, 0 to 1."""
        return self._best()[1].best

    @property
    def sights(self) -> int:
        """How many different frames it was read in with the same letters; with any, where it runs."""
        if self.running:
            return sum(votes.sights for votes in self._votes.values())
        letters = letters_of(self._best()[0])
        return sum(votes.sights for text, votes in self._votes.items() if letters_of(text) == letters)

    def likeness(self, piece: Written, letters: str) -> float:
        """How well a piece continues this text: `ALIKE` and more where it does, 2 at most.

        Args:
            piece: seen now.
            letters: `plausible.letters_of` it.
        """
        near = same_row(self.piece, piece)
        if letters == self._letters:
            return 2.0 if near else 1.5
        longer, shorter = sorted((letters, self._letters), key=len, reverse=True)
        if not shorter:
            return 0.0
        if near and (self._is_part(shorter, longer) or self._ends_with(letters) or self._step(piece)):
            return 1.0
        if len(shorter) < ALIKE * len(longer):
            return 0.0
        wrong = damerau_levenshtein_distance(letters, self._letters)
        alike = 1 - wrong / len(longer)
        sure = min(piece.confidence, self.piece.confidence) >= _SURE
        differ = wrong > 1 and alike < _SURE_ALIKE
        other = sure and (differ or digits_of(letters) != digits_of(self._letters))
        return 0.0 if other else alike

    def take(self, time: float, piece: Written) -> None:
        """Like `see`, of a piece that `likeness` found to continue this text; it may have moved on."""
        step = self._step(piece)
        if step:
            before = self.running or self.piece.text
            half = step // 2  # the letters at both edges of the picture are cut
            self.running = before[: len(before) - half] + piece.text[step - half :]
        self.see(time, piece)

    @staticmethod
    def _is_part(shorter: str, longer: str) -> bool:
        return shorter in longer and len(shorter) >= _PART * len(longer)

    def _ends_with(self, letters: str) -> bool:
        """Whether these are the last letters of a text that has run through."""
        return bool(self.running) and letters_of(self.running).endswith(letters)

    def _step(self, piece: Written) -> int:
        """How many letters a running text shares with what was seen of it before; 0 where it does not run."""
        before, now = self.piece.text.casefold(), piece.text.casefold()
        best, least = 0, _RUNNING_ERRORS
        for shared in range(_RUNNING_LEAST, min(len(before), len(now)) + 1):
            errors = levenshtein_distance(before[-shared:], now[:shared]) / shared
            if errors <= least:
                best, least = shared, errors
        gone, new = len(before) - best, len(now) - best
        return best if best and (gone >= _RUNNING_STEP or (gone == 0 and new >= _RUNNING_STEP)) else 0

    def _best(self) -> tuple[str, _Votes]:
        return max(self._votes.items(), key=lambda item: (item[1].total, item[1].best, item[0]))


def digits_of(letters: str) -> str:
    """The digits among them."""
    return "".join(each for each in letters if each.isdigit())


def same_row(one: Written, two: Written) -> bool:
    """Whether two pieces stand at the same height."""
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    return shared >= _SAME_ROW * min(one.height, two.height)
