"""Reporting by a scanned code, and the page that tells how it goes: public, without JavaScript."""
