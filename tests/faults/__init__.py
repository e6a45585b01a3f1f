"""The spine under fault: the real functions over emulated AWS, with every call struck, every pair interleaved.

`world` is the system in one process, `injector` strikes calls, `journey` is what people do, `promises` is what must
hold afterwards whatever happened. `python -m tests.faults` runs all of it.
"""
