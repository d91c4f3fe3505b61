"""A CSV of bars into each peer's own form, timed: polars and DuckDB write Parquet, ArcticDB a symbol of a library."""

import sys
import time

name, file, out = sys.argv[1:4]


def with_polars():
    import polars as pl

    pl.read_csv(file).with_columns(pl.from_epoch("time")).write_parquet(out + ".parquet", compression="zstd")


def with_duckdb():
    import duckdb

    duckdb.sql(f"copy (select to_timestamp(time) as ts, * exclude (time) from read_csv('{file}') order by time) to '{out}.duckdb.parquet' (compression zstd)")


def with_arcticdb():
    import pandas as pd
    from arcticdb import Arctic

    table = pd.read_csv(file)
    table.index = pd.to_datetime(table.pop("time"), unit="s")
    Arctic(f"lmdb://{out}?map_size=8GB").get_library("bench", create_if_missing=True).write("bars", table, prune_previous_versions=True)


work = {"polars": with_polars, "duckdb": with_duckdb, "arcticdb": with_arcticdb}[name]
start = time.perf_counter()
work()
print((time.perf_counter() - start) * 1000)
