"""The parts of `bench/nlp_bench.py`."""
