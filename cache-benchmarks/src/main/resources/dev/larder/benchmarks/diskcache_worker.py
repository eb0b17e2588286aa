"""The same as DiskWorker.java, for python-diskcache.

Arguments: the class (Cache or FanoutCache), the directory, the operation (check, fill, get, put or insert), the number of
entries, and milliseconds to warm up and to measure.
"""

import os
import random
import sys
import time
import uuid

import diskcache

DAY = 86400


def open_cache(kind, directory):
    # A put that finds the database locked waits, as in the other class; otherwise FanoutCache would drop it.
    if kind == "FanoutCache":
        return diskcache.FanoutCache(directory, shards=8, timeout=60)
    return diskcache.Cache(directory, timeout=60)


def run(cache, operation, entries, millis):
    get = operation == "get"
    prefix = "product:"
    if operation == "insert":
        prefix = str(uuid.uuid4()) + ":"
        entries = 1 << 31
    value = os.urandom(1024)
    counts = {}
    clock = time.perf_counter_ns
    number = random.Random().random
    start = before = clock()
    end = start + millis * 1_000_000
    while before < end:
        key = "%s%d" % (prefix, int(number() * entries))
        if not get:
            if not cache.set(key, value, expire=DAY):
                raise RuntimeError("A put was dropped")
        elif cache.get(key) is None:
            raise RuntimeError("No value of " + key)
        after = clock()
        nanos = max(after - before, 64)
        bits = nanos.bit_length()
        number_of_class = (bits << 5) | ((nanos >> (bits - 6)) & 31)
        counts[number_of_class] = counts.get(number_of_class, 0) + 1
        before = after
    return before - start, counts


def main():
    kind, directory, operation, entries, warm_up, millis = sys.argv[1:]
    if operation == "check":
        print(diskcache.__version__)
        return
    cache = open_cache(kind, directory)
    if operation == "fill":
        value = os.urandom(1024)
        for i in range(int(entries)):
            cache.set("product:%d" % i, value, expire=DAY)
    else:
        run(cache, operation, int(entries), int(warm_up))
        print("ready", flush=True)
        sys.stdin.readline()
        nanos, counts = run(cache, operation, int(entries), int(millis))
        print(nanos, *("%d:%d" % each for each in sorted(counts.items())), flush=True)
    cache.close()


main()
