"""The models on this computer: kept, imported, tried in a sandbox, and converted from published weights."""
