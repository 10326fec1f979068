"""The side panel of watched folders, and the list of problems."""
