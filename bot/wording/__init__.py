"""Every sentence that Huying says to people.

The law of this file: plain, warm, short Simplified Chinese; what was heard, who has it, by when, and what
one can do next. No empty phrases, no promise of times that are not set, no names of reporters. A sentence
gets its facts as parameters and decides nothing.
"""
