"""An ASGI application behind a real port, in a thread of the test."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.serving.listening_place import Place, listen
from app.serving.running import Application, HttpServer


@contextmanager
def live_server(application: Application, ending: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Serve until the block ends; gives the port."""
    place = Place("127.0.0.1", 0)
    with listen(place) as listening:
        port = int(listening.getsockname()[1])
        server = HttpServer(application, place, ending=ending)
        thread = threading.Thread(target=server.run, args=[[listening]])
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()
