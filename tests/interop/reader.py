"""Reads Delta tables for the tests: one JSON request a line on standard input, one JSON answer a line on standard output."""

import json
import sys
import threading

import polars as pl
from deltalake import DeltaTable, QueryBuilder


def with_polars(table, version=None):
    return pl.read_delta(table, version=version)


def with_deltalake(table, version=None):
    found = DeltaTable(table, version=version)
    return pl.DataFrame(QueryBuilder().register("bars", found).execute("select * from bars"))


READERS = {"polars": with_polars, "deltalake": with_deltalake}


def rows(request):
    frame = READERS[request["by"]](request["table"], request.get("version")).sort("ts")
    types = {name: str(kind) for name, kind in frame.schema.items()}
    columns = frame.with_columns(pl.col("ts").dt.epoch("us")).to_dict(as_series=False)
    return {"types": types, "columns": columns}


def metadata(request):
    table = DeltaTable(request["table"], version=request.get("version"))
    found = table.metadata()
    return {"version": table.version(), "id": found.id, "name": found.name, "configuration": found.configuration}


def history(request):
    return {"history": DeltaTable(request["table"]).history()}


class Watch(threading.Thread):
    """Reads a table again and again and keeps what it saw, until it is told to stop."""

    def __init__(self, read, table):
        super().__init__(daemon=True)
        self.read, self.table, self.stopped, self.seen, self.errors = read, table, threading.Event(), [], []

    def run(self):
        while not self.stopped.is_set():
            try:
                frame = self.read(self.table)
                self.seen.append([frame.height, frame["ts"].n_unique(), sorted(set(frame["close"].to_list()))])
            except Exception as error:
                self.errors.append(str(error))


WATCHES = {}


def watch(request):
    WATCHES[request["by"]] = started = Watch(READERS[request["by"]], request["table"])
    started.start()
    return {}


def seen(request):
    return {"reads": len(WATCHES[request["by"]].seen)}


def stop(request):
    ended = WATCHES.pop(request["by"])
    ended.stopped.set()
    ended.join()
    return {"seen": ended.seen, "errors": ended.errors}


OPERATIONS = {"rows": rows, "metadata": metadata, "history": history, "watch": watch, "seen": seen, "stop": stop}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"done": OPERATIONS[request["op"]](request)}
    except Exception as error:
        answer = {"failed": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=str), flush=True)
