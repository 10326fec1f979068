"""The pipeline from a file to rows: decode and encode stages, pause, stop, progress events."""
