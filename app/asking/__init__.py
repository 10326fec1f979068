"""What helps to ask: how a query may go on, the pictures it names, queries that find something here."""
