"""ArcticDB on LMDB: a symbol of a library, written, appended to, updated by range."""

import task
from arcticdb import Arctic
from arcticdb.exceptions import ArcticException

NAME = "bars"
_library = None


def library():
    global _library
    if _library is None or task.TASK["bench"] == "create":
        _library = Arctic(f"lmdb://{task.TASK['root']}?map_size=8GB").get_library("bench", create_if_missing=True)
    return _library


def native(frame):
    table = frame.drop("source").to_pandas().set_index("ts")
    table.index = table.index.tz_localize(None).astype("datetime64[ns]")
    return table


def create(table):
    library().write(NAME, table, prune_previous_versions=True)


def append(table):
    library().append(NAME, table)


def update(table):
    """A range is replaced as a whole: what is there between the new bars is put back with them."""
    first, last = table.index[0], table.index[-1]
    try:
        there = library().read(NAME, date_range=(first, last)).data
    except ArcticException:
        there = table.head(0)
    library().update(NAME, table.combine_first(there) if len(there) else table)


def read(since):
    if since is None:
        return library().read(NAME).data
    return library().read(NAME, date_range=(since.replace(tzinfo=None), None)).data


def opened():
    return library().get_description(NAME).date_range


task.run("arcticdb", create, append, update, read, opened, native)
