"""Which frames are nearest to a query: exact search, and HNSW where a library is large."""
