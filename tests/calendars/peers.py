"""Every session that two public libraries know of our markets, as JSON: one table for each of our calendars and library."""
import json
import sys
import warnings

import exchange_calendars
import pandas
import pandas_market_calendars

warnings.filterwarnings("ignore")
FIRST, LAST = sys.argv[1], sys.argv[2]
EXCHANGES = ["XNYS", "XLON", "XTKS", "XHKG", "XETR", "XFRA", "XTSE", "XASX"]
# Its HKEX lacks half days and closures, its ASX holidays: shares are checked against the other library's.
MARKETS = {
    "CMES": "CME Globex Equity",
    "CME_FX": "CMEGlobex_FX",
    "CME_CRYPTO": "CME Globex Crypto",
    "XNYS": "NYSE",
    "XNAS": "NASDAQ",
    "XLON": "LSE",
    "XTKS": "JPX",
    "XETR": "XETR",
    "XTSE": "TSX",
}


def milliseconds(column):
    """Opens and closes as epoch milliseconds; null where there is no break."""
    utc = column.dt.tz_convert("UTC") if column.dt.tz is not None else column
    numbers = utc.dt.tz_localize(None).astype("datetime64[ms]").astype("int64")
    return [None if missing else int(n) for n, missing in zip(numbers, column.isna())]


def rows(schedule, columns):
    dates = schedule.index.strftime("%Y-%m-%d")
    nothing = [None] * len(schedule)
    return list(zip(dates, *[milliseconds(schedule[c]) if c in schedule.columns else nothing for c in columns]))


def main():
    out = []
    for name, peer in [*zip(EXCHANGES, EXCHANGES), ("CRYPTO", "24/7"), ("FOREX", "24/5")]:
        schedule = exchange_calendars.get_calendar(peer, start=FIRST, end=LAST).schedule
        out.append({"calendar": name, "library": "exchange_calendars", "rows": rows(schedule, ["open", "break_start", "break_end", "close"])})
    for name, peer in MARKETS.items():
        schedule = pandas_market_calendars.get_calendar(peer).schedule(FIRST, LAST)
        columns = ["market_open", "break_start", "break_end", "market_close"]
        out.append({"calendar": name, "library": "pandas_market_calendars", "rows": rows(schedule, columns)})
    json.dump(out, sys.stdout)


main()
