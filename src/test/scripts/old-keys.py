#!/usr/bin/env python3
"""The pairs that the old tools' keys mean, worked out from two copies of /proc.

    old-keys.py FIRST SECOND SECONDS [--net NAME]... [--disk NAME]...
    old-keys.py FIRST SECOND SECONDS --nfs

FIRST and SECOND are folders with a proc folder each, read SECONDS apart. Sizes and load averages
are those of SECOND, rates and shares lie between the two. Traffic is summed over the interfaces
given with --net, disk operations over the disks given with --disk. Shares nothing with the
program that it checks. A pair that cannot be had is left out.
"""

import argparse
from fractions import Fraction
from pathlib import Path


def words(folder, name):
    """The lines of a file below proc, as lists of words; none if there is no such file."""
    path = Path(folder) / "proc" / name
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def load(second):
    short, medium, long, *_ = words(second, "loadavg")[0]
    pairs = {"load_short": short, "load_medium": medium, "load_long": long, "load_avg": medium}
    return {key: plain(Fraction(value)) for key, value in pairs.items()}


def ticks(folder):
    """cpu line name to its first eight columns; guests are part of user and nice."""
    return {line[0]: [int(x) for x in line[1:9]]
            for line in words(folder, "stat") if line and line[0].startswith("cpu")}


def percent(before, now, idle_columns):
    """The share of time outside idle_columns; empty if that cannot be told."""
    steps = [b - a for a, b in zip(before, now)]
    for column in (3, 4):
        if -300 < steps[column] < 0:  # the kernel accounted idle time anew: no step
            steps[column] = 0
    if sum(steps) <= 0 or any(steps[column] < 0 for column in idle_columns):
        return ""
    return str(100 * (sum(steps) - sum(steps[c] for c in idle_columns)) // sum(steps))


def cpu(first, second):
    """Waiting for I/O is busy for the host; the list is of time neither idle nor waiting."""
    before, now = ticks(first), ticks(second)
    whole = percent(before["cpu"], now["cpu"], [3])
    each = {int(name[3:]): percent(before[name], now[name], [3, 4])
            for name in now if name != "cpu" and name in before}
    top = max([number for number, busy in each.items() if busy], default=-1)
    listed = ",".join(each.get(number, "") for number in range(top + 1))
    return {"cpu": whole, "cpu_list": listed}


def memory(second):
    sizes = {line[0].rstrip(":"): int(line[1]) * 1024 for line in words(second, "meminfo")
             if len(line) == 3 and line[2] == "kB"}
    pairs = {}
    for key, total, free, used in (("mem", "MemTotal", "MemFree", ""),
                                   ("swap", "SwapTotal", "SwapFree", ""),
                                   ("virtual", "VmallocTotal", "", "VmallocUsed")):
        other = sizes.get(free or used)
        if total in sizes and other is not None:
            rest = sizes[total] - other
            pairs[key + "_total"] = str(sizes[total])
            pairs[key + "_free"] = str(other if free else rest)
            pairs[key + "_used"] = str(rest if free else other)
    return pairs


def interfaces(folder):
    table = {}
    for line in (Path(folder) / "proc" / "net" / "dev").read_text().splitlines()[2:]:
        name, columns = line.rsplit(":", 1)
        table[name.strip()] = [int(x) for x in columns.split()]
    return table


def net(first, second, seconds, names):
    before, now = interfaces(first), interfaces(second)

    def rate(*columns):
        change = sum(now[name][c] - before[name][c] for name in names for c in columns)
        return plain(rounded(Fraction(change) / seconds))

    return {"bytes_in": rate(0), "bytes_out": rate(8),
            "packets_in": rate(1), "packets_out": rate(9),
            "packeterrs_in": rate(2, 3, 4, 5), "packeterrs_out": rate(10, 11, 12, 13)}


def disk(first, second, seconds, names):
    before, now = ({line[2]: [int(x) for x in line[3:]] for line in words(folder, "diskstats")}
                   for folder in (first, second))
    swaps = [line[0].removeprefix("/dev/") for line in words(second, "swaps")[1:]]
    pairs = {}
    for kind, devices in (("disk", names), ("swap", [s for s in swaps if s in now])):
        for key, column in (("rd", 0), ("wr", 4), ("sec_rd", 2), ("sec_wr", 6)):
            change = sum(now[name][column] - before[name][column] for name in devices)
            pairs[kind + "_" + key] = plain(rounded(Fraction(change) / seconds))
    return pairs


def nfs(first, second, seconds):
    """Calls of NFS 2, 3 and 4; numbers of 32 bits, which wrap. NULL, the first one, does not count."""
    rows = {"proc2": (6, 8), "proc3": (6, 7), "proc4": (1, 2)}
    sums = {"nfs_read": 0, "nfs_write": 0, "nfs_meta": 0}
    before, now = ({line[0]: [int(x) for x in line[2:]] for line in words(folder, "net/rpc/nfs")
                    if line[0] in rows} for folder in (first, second))
    for row, (read, write) in rows.items():
        for number, (a, b) in enumerate(zip(before.get(row, []), now.get(row, []))):
            key = {0: "", read: "nfs_read", write: "nfs_write"}.get(number, "nfs_meta")
            if key:
                sums[key] += (b - a) % 2**32
    return {key: plain(rounded(Fraction(change) / seconds)) for key, change in sums.items()}


def rounded(number):
    """To two decimals, half up."""
    return Fraction((number * 200 + 1) // 2, 100)


def plain(number):
    """Decimal without trailing zeros, of a number with at most two decimals."""
    whole, hundredths = divmod(int(number * 100), 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("seconds", type=Fraction)
    parser.add_argument("--net", action="append", default=[])
    parser.add_argument("--disk", action="append", default=[])
    parser.add_argument("--nfs", action="store_true", help="the pairs of NFS and no others")
    args = parser.parse_args()
    if args.nfs:
        pairs = nfs(args.first, args.second, args.seconds)
    else:
        pairs = load(args.second) | cpu(args.first, args.second) | memory(args.second)
    if args.net:
        pairs |= net(args.first, args.second, args.seconds, args.net)
    if args.disk:
        pairs |= disk(args.first, args.second, args.seconds, args.disk)
    for key, value in sorted(pairs.items()):
        if value:
            print(f"{key}={value}")


if __name__ == "__main__":
    main()
