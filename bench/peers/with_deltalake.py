"""A Delta table by delta-rs itself: append adds a file and an entry, replacing is its merge."""

import polars as pl
import task
from deltalake import DeltaTable, write_deltalake

TABLE = task.TASK["root"]


def create(frame):
    write_deltalake(TABLE, frame)


def append(more):
    write_deltalake(TABLE, more, mode="append")


def update(more):
    if task.TASK["bench"] == "insert10k":
        return append(more)
    merge = DeltaTable(TABLE).merge(more, predicate="s.ts = t.ts", source_alias="s", target_alias="t")
    merge.when_matched_update_all().when_not_matched_insert_all().execute()


def read(since):
    table = pl.scan_delta(TABLE)
    return (table if since is None else table.filter(pl.col("ts") > since)).collect()


def opened():
    stats = pl.DataFrame(DeltaTable(TABLE).get_add_actions(flatten=True))
    return stats["min.ts"].min(), stats["max.ts"].max()


task.run("deltalake", create, append, update, read, opened)
