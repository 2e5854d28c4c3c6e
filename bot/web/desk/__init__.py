"""The desk: pages on which staff correct, decide and follow."""
