"""A Delta table by delta-rs itself: append adds a file and an entry."""

import polars as pl
import task
from deltalake import write_deltalake

TABLE = task.TASK["root"]


def create(frame):
    write_deltalake(TABLE, frame)


def append(more):
    write_deltalake(TABLE, more, mode="append")


def read(since):
    table = pl.scan_delta(TABLE)
    return (table if since is None else table.filter(pl.col("ts") > since)).collect()


task.run("deltalake", create, append, read)
