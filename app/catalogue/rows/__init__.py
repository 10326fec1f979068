"""SQL: what is asked of each table, and each change of its rows, inside the caller's transaction."""
