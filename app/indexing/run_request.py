"""What one indexing run is asked to do."""

from dataclasses import dataclass

from app.lines.line import Source


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What one run is to do; see `Indexer.start`."""

    folders: frozenset[int] | None = None
    serve_pending: bool = True
    sources: frozenset[Source] | None = None
    now: bool = False

    def joined(self, other: "RunRequest | None") -> "RunRequest":
        """What does for both."""
        if other is None:
            return self
        folders, sources = None, None
        if self.folders is not None and other.folders is not None:
            folders = self.folders | other.folders
        if self.sources is not None and other.sources is not None:
            sources = self.sources | other.sources
        serve_pending, now = self.serve_pending or other.serve_pending, self.now or other.now
        return RunRequest(folders, serve_pending, sources, now)
