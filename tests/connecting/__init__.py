"""Tests of `app.connecting`."""
