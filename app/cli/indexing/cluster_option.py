"""`--cluster`: who reads the videos."""

from contextlib import AbstractContextManager, nullcontext

from app.indexing.stages.decode_stages import Workers


def workers_at(address: str | None) -> AbstractContextManager[Workers | None]:
    """The Ray cluster at `address`, connected until the block ends; None, for this program itself, without.

    Raises as `app.cluster.ray_cluster.connected`, on entering.
    """
    if address is None:
        return nullcontext()
    from app.cluster.ray_cluster import connected  # noqa: PLC0415 - an extra

    return connected(address)
