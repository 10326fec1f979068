"""Pictures, moments and videos that something is to be like."""
