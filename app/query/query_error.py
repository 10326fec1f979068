"""What is wrong with a query, and where."""

from app.errors import UsageError


class QueryError(UsageError):
    """A query cannot be read as it stands."""

    def __init__(self, sentence: str, advice: str = "", *, at: int = 0) -> None:
        """Make the error.

        Args:
            sentence: see `ReelfindError`.
            advice: see `ReelfindError`.
            at: where in the query, counted in characters from 0.
        """
        super().__init__(sentence, advice)
        self.at = at
        self.query = ""
        """The query, once it is known which."""
