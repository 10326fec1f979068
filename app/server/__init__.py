"""One open library answers over HTTP: the API, and one page for a phone. Needs the extra `serve`."""
