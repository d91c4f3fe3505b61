"""freqtrade's own store of candles, feather unless its settings say otherwise: loaded, joined and stored whole by every change."""

import pathlib

import pandas as pd
import task
from freqtrade.data.converter import clean_ohlcv_dataframe
from freqtrade.data.history import get_datahandler
from freqtrade.enums import CandleType

PAIR = ("BTC/USDT", "1m")
handler = get_datahandler(pathlib.Path(task.TASK["root"]), "feather")


def native(frame):
    table = frame.select("ts", "open", "high", "low", "close", "volume").to_pandas()
    table = table.rename(columns={"ts": "date"})
    table["date"] = table["date"].astype("datetime64[ms, UTC]")
    return table


def load():
    return handler.ohlcv_load(*PAIR, CandleType.SPOT, fill_missing=False, drop_incomplete=False, warn_no_data=False)


def create(table):
    handler.ohlcv_store(*PAIR, table, CandleType.SPOT)


def update(table):
    joined = pd.concat([load(), table], axis=0)
    create(clean_ohlcv_dataframe(joined, PAIR[1], PAIR[0], fill_missing=False, drop_incomplete=False))


def read(since):
    candles = load()
    return candles if since is None else candles[candles["date"] > since]


task.run("freqtrade", create, update, update, read, native=native)
