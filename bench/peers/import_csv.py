"""A CSV of bars into each peer's own form, timed: polars and DuckDB write Parquet, ArcticDB a symbol, freqtrade a feather file of its own."""

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


def with_freqtrade():
    import os
    import pathlib

    import pandas as pd
    from freqtrade.data.history import get_datahandler
    from freqtrade.enums import CandleType

    os.makedirs(out, exist_ok=True)
    table = pd.read_csv(file).rename(columns={"time": "date", "Volume": "volume"})
    table["date"] = pd.to_datetime(table["date"], unit="s", utc=True)
    get_datahandler(pathlib.Path(out), "feather").ohlcv_store("BTC/USDT", "1m", table, CandleType.SPOT)


work = {"polars": with_polars, "duckdb": with_duckdb, "arcticdb": with_arcticdb, "freqtrade": with_freqtrade}[name]
start = time.perf_counter()
work()
print((time.perf_counter() - start) * 1000)
