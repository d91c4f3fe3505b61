"""What the Python peers share: the task on the command line, the bars, timing, and the line that is printed."""

import json
import os
import resource
import shutil
import statistics
import sys
import time

import polars as pl

TASK = json.loads(sys.argv[1])
DAY_US = 86_400_000_000


def bars():
    """The bars of the table that tapekeep made, without what was appended to it since."""
    return pl.read_delta(TASK["table"]).sort("ts").head(TASK["n"])


def next_bars(last, run):
    step = pl.duration(minutes=1000 * (run + 1))
    return last.with_columns(pl.col("ts") + step)


def fresh():
    shutil.rmtree(TASK["root"], ignore_errors=True)
    os.makedirs(TASK["root"])


def size():
    return sum(os.path.getsize(os.path.join(top, f)) for top, _, names in os.walk(TASK["root"]) for f in names)


def run(peer, create, append, read):
    """Each peer gives three functions: create(frame), append(frame), read(since or None)."""
    frame = bars()
    bench = TASK["bench"]
    last_day = frame["ts"].max() - pl.select(pl.duration(microseconds=DAY_US)).item()
    times = []
    if bench != "create":
        fresh()
        create(frame)
    before = size() if bench == "append1k" else 0
    for number in range(TASK["runs"] + 1):
        if bench == "create":
            fresh()
        more = next_bars(frame.tail(1000), number)
        start = time.perf_counter()
        if bench == "create":
            create(frame)
        elif bench == "append1k":
            append(more)
        else:
            read(last_day if bench == "read_day" else None)
        if number > 0:
            times.append((time.perf_counter() - start) * 1000)
    line = {
        "bench": bench,
        "peer": peer,
        "n": TASK["n"],
        "ms_median": round(statistics.median(times), 2),
        "ms_min": round(min(times), 2),
        "bytes": size() if bench != "append1k" else round((size() - before) / (TASK["runs"] + 1)),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(line))
