"""One SQLite file: opened, migrated, and written by a single connection."""
