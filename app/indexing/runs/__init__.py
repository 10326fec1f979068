"""One run over videos for one model: from frames that come in to rows that are committed."""
