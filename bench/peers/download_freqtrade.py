"""freqtrade's own downloader with its own store, pointed at the same server: from the call to the file that is there.

argv: address, folder, runs, bars, and whether ccxt's own pause between requests stays on. One JSON line."""

import json
import logging
import pathlib
import shutil
import sys
import time

from freqtrade.configuration import TimeRange
from freqtrade.data.history import get_datahandler
from freqtrade.data.history.history_utils import refresh_backtest_ohlcv_data
from freqtrade.enums import CandleType, RunMode
from freqtrade.resolvers import ExchangeResolver

url, folder, runs, bars, paused = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == "paused"
FROM = 1_704_067_200
logging.disable(logging.CRITICAL)

ccxt_config = {
    "enableRateLimit": paused,
    "options": {"defaultType": "spot", "fetchMarkets": {"types": ["spot"]}, "fetchMargins": False, "fetchCurrencies": False},
    "urls": {"api": {"public": f"{url}/api/v3", "private": f"{url}/api/v3", "sapi": f"{url}/sapi/v1", "sapiV3": f"{url}/sapi/v3"}},
}
config = {
    "stake_currency": "USDT",
    "dry_run": True,
    "trading_mode": "spot",
    "margin_mode": "",
    "candle_type_def": CandleType.SPOT,
    "runmode": RunMode.UTIL_EXCHANGE,
    "exchange": {
        "name": "binance",
        "key": "",
        "secret": "",
        "pair_whitelist": ["BTC/USDT"],
        "pair_blacklist": [],
        "enable_ws": False,
        # Its own archives of the past are another host.
        "only_from_ccxt": True,
        "ccxt_config": ccxt_config,
        "ccxt_async_config": {},
    },
}
exchange = ExchangeResolver.load_exchange(config, validate=False)
exchange.reload_markets(True)

times = []
rows = 0
for _ in range(runs + 1):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = time.perf_counter()
    lacking = refresh_backtest_ohlcv_data(
        exchange,
        pairs=["BTC/USDT"],
        timeframes=["1m"],
        datadir=folder,
        trading_mode="spot",
        timerange=TimeRange("date", "date", FROM, FROM + bars * 60),
        data_format="feather",
    )
    times.append((time.perf_counter() - start) * 1_000)
    stored = get_datahandler(folder, "feather").ohlcv_load(
        "BTC/USDT", "1m", CandleType.SPOT, fill_missing=False, drop_incomplete=False, warn_no_data=False
    )
    rows = len(stored)
    # It never stores the newest candle of an answer.
    if lacking or rows < bars - 1:
        sys.exit(f"freqtrade stored {rows} of {bars} bars: {lacking}")
exchange.close()
print(json.dumps({"ms": times[1:], "rows": rows}))
