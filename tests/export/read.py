"""Reads one exported place as its own users do, and prints what it found: rows, first and last stamp, two sums."""

import json
import sys
from datetime import timezone


def told(frame, stamps):
    print(
        json.dumps(
            {
                "rows": len(frame),
                "first": int(stamps.iloc[0].timestamp() * 1000),
                "last": int(stamps.iloc[-1].timestamp() * 1000),
                "close": float(frame["close"].sum()),
                "volume": float(frame["volume"].sum()),
            }
        )
    )


def pandas(path):
    import pandas as pd

    if path.endswith(".parquet"):
        frame = pd.read_parquet(path)
    elif path.endswith(".feather"):
        frame = pd.read_feather(path)
    elif path.endswith(".arrows"):
        import pyarrow as pa

        frame = pa.ipc.open_stream(path).read_pandas()
    else:
        frame = pd.read_csv(path, parse_dates=["ts"])
    told(frame, frame["ts"])


def duckdb(path):
    import duckdb

    frame = duckdb.sql(f"select * from '{path}' order by ts").df()
    told(frame, frame["ts"])


def backtrader(path):
    import backtrader as bt
    import pandas as pd

    rows = []

    class Reader(bt.Strategy):
        def next(self):
            at = self.data.datetime.datetime(0).replace(tzinfo=timezone.utc)
            rows.append((at, self.data.close[0], self.data.volume[0]))

    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.GenericCSVData(dataname=path, timeframe=bt.TimeFrame.Minutes))
    cerebro.addstrategy(Reader)
    cerebro.run()
    frame = pd.DataFrame(rows, columns=["ts", "close", "volume"])
    told(frame, frame["ts"])


def freqtrade(folder, pair, timeframe):
    from pathlib import Path

    from freqtrade.data.history.datahandlers import get_datahandler
    from freqtrade.enums import CandleType

    handler = get_datahandler(Path(folder), "feather")
    frame = handler.ohlcv_load(pair, timeframe, CandleType.SPOT, fill_missing=False, drop_incomplete=False)
    told(frame, frame["date"])


def nautilus(folder, bar_type):
    import pandas as pd
    from nautilus_trader.persistence.catalog import ParquetDataCatalog

    bars = ParquetDataCatalog(folder).bars([bar_type])
    rows = [(pd.Timestamp(b.ts_event, tz="UTC"), b.close.as_double(), b.volume.as_double()) for b in bars]
    frame = pd.DataFrame(rows, columns=["ts", "close", "volume"])
    told(frame, frame["ts"])


globals()[sys.argv[1]](*sys.argv[2:])
