"""One Parquet file, rewritten by every change: read, concat, unique, sort, write, rename."""

import os

import polars as pl
import task

FILE = os.path.join(task.TASK["root"], "bars.parquet")


def create(frame):
    frame.write_parquet(FILE + ".tmp", compression="zstd")
    os.rename(FILE + ".tmp", FILE)


def update(more):
    create(pl.concat([pl.read_parquet(FILE), more]).unique("ts", keep="last").sort("ts"))


def read(since):
    if since is None:
        return pl.read_parquet(FILE)
    return pl.scan_parquet(FILE).filter(pl.col("ts") > since).collect()


task.run("polars", create, update, update, read)
