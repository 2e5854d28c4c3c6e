"""Runs every measurement in `bench/`, one after the other, and stops at the first that fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    benches = sorted((ROOT / "bench").glob("*_bench.py"))
    if not benches:
        print("make bench: there is no bench/*_bench.py yet.", file=sys.stderr)
        return 2
    for bench in benches:
        print(f"\n== {bench.stem}", flush=True)
        if code := subprocess.run([sys.executable, str(bench)], cwd=ROOT, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
