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
HOLE = 10_000
PIECES = 1000


def minutes(count):
    return pl.duration(minutes=count)


def bars():
    """The bars of the table that tapekeep made, without what was appended to it since."""
    return pl.read_delta(TASK["table"]).sort("ts").head(TASK["n"])


def fresh():
    shutil.rmtree(TASK["root"], ignore_errors=True)
    os.makedirs(TASK["root"])


def size():
    return sum(os.path.getsize(os.path.join(top, f)) for top, _, names in os.walk(TASK["root"]) for f in names)


def measured(runs, prepare, work):
    """One warm-up, then the runs; `prepare` is not measured."""
    times = []
    for number in range(runs + 1):
        ready = prepare(number)
        start = time.perf_counter()
        work(ready)
        if number > 0:
            times.append((time.perf_counter() - start) * 1000)
    return times


def holed(frame, holes):
    """The same bars with holes of ten thousand minutes between them, and what fills hole i."""
    each = frame.height // (holes + 1)
    hole = pl.int_range(pl.len(), dtype=pl.Int64) // each
    shifted = frame.with_columns(pl.col("ts") + pl.duration(minutes=hole * HOLE))
    ten = frame.head(HOLE)
    first = frame["ts"][0]

    def fill(number):
        start = first + pl.select(minutes(each * (number + 1) + HOLE * number)).item()
        return ten.with_columns((pl.lit(start) + minutes(pl.int_range(pl.len(), dtype=pl.Int64))).alias("ts"))

    return shifted, fill


def run(peer, create, append, update, read, opened=None, native=lambda frame: frame):
    """
    Each peer gives: create(bars), append(bars that come after), update(bars of which the table may have some),
    read(since or None), and opened() when it can tell from when to when its bars are without reading them.
    `native` makes a frame what the peer takes; it is not measured.
    """
    bench, runs, frame = TASK["bench"], TASK["runs"], bars()
    last = frame.tail(1000)
    last_day = frame["ts"].max() - pl.select(minutes(1440)).item()
    holes = min(runs, TASK["n"] // HOLE) + 1
    fill = None
    if bench == "insert10k":
        frame, fill = holed(frame, holes)
        runs = holes - 1
    if bench not in ("create", "open1000"):
        fresh()
        create(native(frame))
    before = size() if os.path.exists(TASK["root"]) else 0

    def replaced(number):
        return last.with_columns(pl.col("high") + number + 1).gather_every(2, 1)

    if bench == "create":
        table = native(frame)
        times = measured(runs, lambda _: fresh(), lambda _: create(table))
    elif bench == "bytes":
        times = measured(runs, lambda _: None, lambda _: size())
    elif bench == "append1k":
        times = measured(runs, lambda i: native(last.with_columns(pl.col("ts") + minutes(1000 * (i + 1)))), append)
    elif bench == "replace500":
        times = measured(runs, lambda i: native(replaced(i)), update)
    elif bench == "insert10k":
        times = measured(runs, lambda i: native(fill(i)), update)
    elif bench in ("read_day", "read_all"):
        times = measured(runs, lambda _: None, lambda _: read(last_day if bench == "read_day" else None))
    elif bench == "open1000" and opened is not None:
        fresh()
        each = -(-frame.height // PIECES)
        for at in range(0, frame.height, each):
            (create if at == 0 else append)(native(frame.slice(at, each)))
        times = measured(runs, lambda _: None, lambda _: opened())
    else:
        return
    written = bench in ("append1k", "replace500", "insert10k")
    line = {
        "bench": bench,
        "peer": peer,
        "n": TASK["n"],
        "ms_median": round(statistics.median(times), 2),
        "ms_min": round(min(times), 2),
        "bytes": round((size() - before) / (runs + 1)) if written else size(),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(line))
