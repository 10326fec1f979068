"""`reelfind search --server`: the moments of a library that another computer serves."""

from contextlib import closing

from app.cli.search.search_reasons import print_answer
from app.query.parsed_query import Query
from app.remote_library.remote_session import RemoteSession
from app.remote_library.server_errors import ServerError
from app.remote_library.server_place import ServerPlace


def search_server(place: ServerPlace, query: Query, *, limit: int, why: int | None, as_json: bool) -> None:
    """Print what a server finds, and why the moment of a rank was found.

    Raises:
        QueryError: the query makes no sense there.
        UsageError: there is no moment of this rank.
        ServerError: there is no answer.
    """
    with closing(RemoteSession(place)) as session:
        for each in session.impairments():
            raise ServerError(each.sentence, "See that “reelfind serve” runs there.")
        outcome = session.search(query.text, limit=limit)
        print_answer(session, query, outcome, why=why, as_json=as_json)
        session.note_search(query.text)
