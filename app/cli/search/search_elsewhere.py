"""`reelfind search --server`: the moments of a library that another computer serves."""

from contextlib import closing

from app.cli.options import print_json
from app.cli.search.search_output import outcome_as_json, print_outcome
from app.query.parsed_query import Query
from app.remote_library.remote_session import RemoteSession
from app.remote_library.server_errors import ServerError
from app.remote_library.server_place import ServerPlace


def search_server(place: ServerPlace, query: Query, *, limit: int, as_json: bool) -> None:
    """Print what a server finds.

    Raises:
        QueryError: the query makes no sense there.
        ServerError: there is no answer.
    """
    with closing(RemoteSession(place)) as session:
        for each in session.impairments():
            raise ServerError(each.sentence, "See that “reelfind serve” runs there.")
        outcome = session.search(query.text, limit=limit)
        if as_json:
            print_json(outcome_as_json(outcome, session))
        else:
            print_outcome(outcome, query)
        session.note_search(query.text)
