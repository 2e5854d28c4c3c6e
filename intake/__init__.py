"""The business of Huying: tables, frozen facts, and functions of facts and time.

Nothing in this package reads a clock, a disk, a network or a random number, and nothing in it knows
which chat platform or database stands outside.
"""
