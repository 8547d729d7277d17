#!/usr/bin/env python3
"""Lines of the golden reports, worked out from the raw trees of the fixture hosts.

    golden-lines.py HOSTS

HOSTS is the folder of the fixture hosts. Prints lines of the form MODE REPORT LINE, where REPORT is
the name of a host, perhaps with a suffix for another form of the report. Shares nothing with the
program that it checks, neither code nor results: what the numbers mean is in the README and in
proc(5), and all arithmetic is exact. Needs Python 3.9.

The schedule, in seconds since 2026-11-23T10:00:00Z: at 0 all is read a first time, which only gives
counters their start. Reads up to CHANGE see HOST, later ones HOST@1. A window (start, end] holds the
reads in it, and the intervals that end with them.

    mode         change  reads                                     windows
    duologger    5.5     cpu net disk 1 2 .. 11, load 5 10,        (0, 10] (10, 11.5]
                         memory 10 11.5
    dlogger      5.5     all 10 11.5                               (0, 10] (10, 11.5]
    cronlogger   0.5     all 1                                     (0, 1]
    qloadsensor  5.5     cpu net 0.1 1.1 .. 11.1, load 0.1 5.1     (0, 11.5]
                         10.1, memory 0.1 10.1

The heartbeat is 10 s, the settling time of qloadsensor 0.1 s and that of cronlogger 1 s. Modules
whose interval is the heartbeat are read at the stop too, at 11.5.

Of logfmt reports the lines of load and those of the whole host of cpu and net are printed; of classic
ones the lines up to where the module pressure begins; load reports are whole.
"""

import argparse
import math
from fractions import Fraction
from pathlib import Path

EPOCH = 1795428000
HOSTS = ("small", "old", "many", "container")
FAST = ("min", "mean", "max", "p50", "p95", "p99")
VALUE = ("value",)


# --- The trees ---------------------------------------------------------------------------------


def words(tree, name):
    """The lines of a file below proc, as lists of words; none if there is no such file."""
    path = tree / "proc" / name
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def hardware(tree, kind):
    """The entries of sys/class/net or sys/block that do not lead to virtual devices."""
    folder = tree / "sys" / kind
    links = sorted(folder.iterdir()) if folder.exists() else []
    return {link.name.replace("!", "/") for link in links
            if "/virtual/" not in str(link.readlink())}


class Host:
    """Reads its trees one after the other, since some numbers depend on what was read before.

    A read is instance -> series -> reading, in the order in which a report lists them; the instance
    "" is the host as a whole. A reading is ("gauge", value), ("counter", value, capacity or None) or
    ("ratio", numerator, denominator).
    """

    def __init__(self):
        self.held = {}  # processor -> idle and iowait
        self.before = {}  # device -> columns, as it was in the last read
        self.sums = {}  # series of the whole host -> increases so far

    def load(self, tree):
        first = words(tree, "loadavg")[0]
        runnable, tasks = first[3].split("/")
        names = ("load1", "load5", "load15", "runnable_tasks", "tasks")
        return {"": {name: ("gauge", Fraction(text))
                     for name, text in zip(names, first[:3] + [runnable, tasks])}}

    def cpu(self, tree):
        read, host = {"": {}}, {}
        for line in words(tree, "stat"):
            key, numbers = line[0], [int(word) for word in line[1:] if word.isdigit()]
            if key == "cpu":
                read[""] = self.shares("cpu", numbers)
            elif key.startswith("cpu"):
                read[key[3:]] = {"busy_ratio": self.shares(key, numbers)["busy_ratio"]}
            elif key in ("intr", "ctxt", "processes", "procs_running", "procs_blocked"):
                host[key] = numbers[0]
        for name, key, kind in (("interrupts_per_second", "intr", "counter"),
                                ("context_switches_per_second", "ctxt", "counter"),
                                ("forks_per_second", "processes", "counter"),
                                ("running_tasks", "procs_running", "gauge"),
                                ("blocked_tasks", "procs_blocked", "gauge")):
            if key in host:
                read[""][name] = (kind, host[key], None)
        read[""]["cpus_online"] = ("gauge", len(read) - 1)
        return read

    def shares(self, key, ticks):
        """user nice system idle iowait irq softirq steal guest guest_nice; guests are in user."""
        given, ticks = len(ticks), (ticks + 10 * [0])[:10]
        held = self.held.setdefault(key, ticks[3:5])
        for i in (0, 1):  # a small step back is idle time accounted anew: no step
            if 0 < held[i] - ticks[3 + i] < 300:
                ticks[3 + i] = held[i]
            held[i] = ticks[3 + i]
        user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice = ticks
        total = sum(ticks[:8])
        parts = {"busy": total - idle - iowait, "nonidle": total - idle, "user": user, "nice": nice,
                 "system": system, "idle": idle, "iowait": iowait, "irq": irq + softirq,
                 "steal": steal, "guest": guest + guest_nice}
        least = {"iowait": 5, "irq": 7, "steal": 8, "guest": 9}
        return {name + "_ratio": ("ratio", part, total) for name, part in parts.items()
                if given >= least.get(name, 0)}

    def memory(self, tree):
        size = {line[0].rstrip(":"): 1024 * int(line[1]) for line in words(tree, "meminfo")
                if line[2:] == ["kB"]}
        sizes = {"total_bytes": size["MemTotal"], "free_bytes": size["MemFree"],
                 "available_bytes": size.get("MemAvailable"),
                 "swap_total_bytes": size.get("SwapTotal"), "swap_free_bytes": size.get("SwapFree"),
                 "vmalloc_total_bytes": size.get("VmallocTotal"),
                 "vmalloc_used_bytes": size.get("VmallocUsed")}
        if "MemAvailable" in size:
            sizes["used_bytes"] = size["MemTotal"] - size["MemAvailable"]
        sizes["used_with_cache_bytes"] = size["MemTotal"] - size["MemFree"]
        if "SwapTotal" in size:
            sizes["swap_used_bytes"] = size["SwapTotal"] - size["SwapFree"]
        read = {name: ("gauge", value) for name, value in sizes.items() if value is not None}
        pages = dict(words(tree, "vmstat"))
        for key, name in (("pswpin", "swap_in"), ("pswpout", "swap_out")):
            if key in pages:
                read[name + "_bytes_per_second"] = (
                    "counter", int(pages[key]) * page_size(tree), None)
        return {"": read}

    NET = {"rx_bytes": 0, "rx_packets": 1, "rx_errors": 2, "rx_drops": 3, "rx_fifo_errors": 4,
           "rx_frame_errors": 5, "rx_multicast_packets": 7, "tx_bytes": 8, "tx_packets": 9,
           "tx_errors": 10, "tx_drops": 11, "tx_fifo_errors": 12, "tx_collisions": 13,
           "tx_carrier_errors": 14}

    def net(self, tree):
        table = {}
        for line in (tree / "proc/net/dev").read_text().splitlines()[2:]:
            name, columns = line.rsplit(":", 1)
            table[name.strip()] = [int(word) for word in columns.split()]
        real = hardware(tree, "class/net")
        wanted = [name for name in table if (name in real if real else name != "lo")]
        read = {}
        for name in wanted:
            speed = attribute(tree, name, "speed")
            capacity = 125000 * speed if speed and speed > 0 else None
            read[name] = {series + "_per_second":
                          ("counter", table[name][column],
                           capacity if series.endswith("x_bytes") else None)
                          for series, column in self.NET.items()}
            if capacity:
                read[name]["speed_bytes_per_second"] = ("gauge", capacity)
        read[""] = {"devices": ("gauge", len(wanted))}
        if wanted:
            summed = {name: self.NET[name] for way in ("rx", "tx")
                      for name in (way + "_bytes", way + "_packets", way + "_errors", way + "_drops")}
            read[""] |= self.totals({name: table[name] for name in wanted}, summed)
        return read

    DISK = {"reads": 0, "writes": 4, "read_bytes": 2, "write_bytes": 6}

    def disk(self, tree):
        """Columns in sectors become bytes."""
        table = {line[2]: [int(word) for word in line[3:]] for line in words(tree, "diskstats")}
        for columns in table.values():
            columns[2], columns[6] = 512 * columns[2], 512 * columns[6]
        whole = {name: table[name] for name in table if name in hardware(tree, "block")}
        swaps = [line[0].removeprefix("/dev/") for line in words(tree, "swaps")[1:]]
        read = self.totals(whole, self.DISK) if whole else {}
        swapped = {name: table[name] for name in swaps if name in table}
        if swapped:
            named = {"swap_" + name: column for name, column in self.DISK.items()}
            read |= self.totals(swapped, named)
        return {"": read} if read else {}

    def totals(self, devices, series):
        """Counters of what devices have done; one that comes, goes or is reset makes no step."""
        for name, column in series.items():
            for device, columns in devices.items():
                last = self.before.get((name, device), columns[column])
                self.sums[name] = self.sums.get(name, 0) + max(0, columns[column] - last)
        for name, column in series.items():
            for key in [key for key in self.before if key[0] == name]:
                del self.before[key]
            self.before |= {(name, device): columns[column] for device, columns in devices.items()}
        return {name + "_per_second": ("counter", self.sums[name], None) for name in series}


def attribute(tree, interface, name):
    path = tree / "sys/class/net" / interface / name
    return int(path.read_text()) if path.exists() else None


def page_size(tree):
    """Entry AT_PAGESZ (6) of the auxiliary vector, getauxval(3); 4 KiB if there is no vector."""
    path = tree / "proc/self/auxv"
    data = path.read_bytes() if path.exists() else b""
    numbers = [int.from_bytes(data[i:i + 8], "little") for i in range(0, len(data), 8)]
    return dict(zip(numbers[::2], numbers[1::2])).get(6, 4096)


# --- Windows -----------------------------------------------------------------------------------


class Line:
    """What a window holds of an instance: series to its values and its mean, and the head."""

    def __init__(self, reads, instance, start, end):
        self.n = sum(start < time <= end for time, _ in reads)
        self.seen = self.rates = self.resets = 0
        self.covered = Fraction(0)
        self.counts = False  # whether it has anything but gauges
        self.order, self.values, self.parts = {}, {}, {}
        for (t0, before), (t1, now) in zip(reads, reads[1:]):
            if start < t1 <= end and instance in now:
                self.seen += 1
                self.fold(before.get(instance, {}), now[instance], t1 - t0)

    def fold(self, before, now, span):
        steps = {}
        for name, reading in now.items():
            self.order[name] = None
            if reading[0] == "counter" and reading[2]:
                stem = utilisation(name)
                self.order[stem + "_ratio"] = None
                self.order |= {f"{stem}_quarter{i}_ratio": None for i in (1, 2, 3, 4)}
            if reading[0] == "gauge":
                self.add(name, reading[1], reading[1], 1)
                continue
            self.counts = True
            if name in before:
                pairs = zip(reading[1:], before[name][1:])
                steps[name] = [b - a for b, a in pairs] if reading[0] == "ratio" else \
                    [reading[1] - before[name][1]]
        if any(step < 0 for both in steps.values() for step in both):
            self.resets += 1  # of one is of all: the interval gives no rate
            return
        if not steps:
            return
        self.rates += 1
        self.covered += span
        for name, step in steps.items():
            if len(step) == 2:
                if step[1]:
                    self.add(name, Fraction(step[0], step[1]), step[0], step[1])
                continue
            self.add(name, step[0] / span, step[0], span)
            if now[name][2]:
                movable = now[name][2] * span
                self.add(utilisation(name) + "_ratio", step[0] / movable, step[0], movable)
                self.quarter(utilisation(name), step[0] / movable)

    def quarter(self, stem, share):
        for i in range(4):
            hit = Fraction(min(math.floor(4 * share), 3) == i)
            self.add(f"{stem}_quarter{i + 1}_ratio", hit, hit, 1)

    def add(self, name, value, part, whole):
        self.values.setdefault(name, []).append(Fraction(value))
        parts = self.parts.setdefault(name, [0, 0])
        parts[0] += part
        parts[1] += whole

    def statistic(self, name, stat):
        values = self.values[name]
        mean = Fraction(self.parts[name][0]) / self.parts[name][1]
        if stat == "value":
            return mean if name.endswith(("_per_second", "_ratio")) and \
                not name.startswith("speed_") else values[-1]
        if stat == "mean":
            return mean
        if stat[0] == "p":
            return sorted(values)[-(-int(stat[1:]) * len(values) // 100) - 1]
        return min(values) if stat == "min" else max(values)

    def pairs(self, stats, wanted=lambda name: True):
        """(series, statistic, value) of all series; a share of a quarter is one number."""
        for name in self.order:
            if name in self.values and wanted(name):
                for stat in VALUE if "_quarter" in name else stats:
                    yield name, stat, self.statistic(name, stat)


def utilisation(name):
    """What the share of its capacity that a counter used is called."""
    return name.replace("_bytes_per_second", "_utilisation")


def suffix(stat):
    return "" if stat == "value" else "_" + stat


class Run:
    """The reads of a mode on a host."""

    def __init__(self, folder, host, change, ends, times, every, stats):
        self.every, self.stats = every, stats
        self.pressure = (folder / host / "proc/pressure").exists()
        reader = Host()
        self.reads = {}
        for module in times:
            trees = [(Fraction(str(t)), folder / (host if t <= change else host + "@1"))
                     for t in [0] + times[module]]
            self.reads[module] = [(t, getattr(reader, module)(tree)) for t, tree in trees]
        ends = [Fraction(str(end)) for end in ends]
        self.windows = list(zip([Fraction(0)] + ends, ends))

    def lines(self, module, window):
        """Instance to line, in the order in which the instances were first seen."""
        reads, (start, end) = self.reads[module], window
        order = dict.fromkeys(instance for _, read in reads for instance in read)
        lines = {instance: Line(reads, instance, start, end) for instance in order}
        return {instance: line for instance, line in lines.items() if line.seen}


# --- Numbers as text ---------------------------------------------------------------------------


def plain(number, digits=9):
    """In full if integral, otherwise with 9 significant digits."""
    number = Fraction(number)
    if number.denominator == 1:
        return str(number.numerator)
    magnitude = digits - 1 - next(e for e in range(40, -40, -1) if abs(number) >= Fraction(10) ** e)
    scaled = number * Fraction(10) ** magnitude
    if scaled.denominator == 2:
        raise ValueError(f"{number} is a tie, which binary numbers may break either way")
    return decimal(Fraction(round(scaled)) / Fraction(10) ** magnitude)


def decimal(number):
    """A number with finitely many decimals."""
    places = next(p for p in range(60) if (number * 10 ** p).denominator == 1)
    digits = str(int(abs(number) * 10 ** places)).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + digits[:len(digits) - places] + ("." + digits[-places:] if places else "")


def hundredths(number):
    """The second that has begun."""
    return decimal(Fraction(math.floor(number * 100 + Fraction(1, 2)), 100))


def percent(ratio):
    return str(math.trunc(100 * ratio))


# --- Forms of reports --------------------------------------------------------------------------


def logfmt(run, partial):
    for window, why in zip(run.windows, partial):
        for module in ("cpu", "load", "net"):
            line = run.lines(module, window).get("")
            if line:
                head = [f"xid={decimal(EPOCH + window[1])}", f"module={module}",
                        f"window={decimal(window[1] - window[0])}", f"every={run.every[module]}",
                        f"n={line.n}", "late=0", "missed=0"]
                if line.seen != line.n:
                    head.append(f"seen={line.seen}")
                if line.counts:
                    if line.rates != line.n:
                        head.append(f"rates={line.rates}")
                    covered = decimal(line.covered)
                    head.append("covered=" + covered + ("" if "." in covered else ".0"))
                head.append(f"resets={line.resets}")
                if any(stat[0] == "p" for stat in run.stats[module]):
                    head.append("exact=1")
                if why:
                    head.append("partial=" + why)
                yield from parts(head, [f"{name}{suffix(stat)}={plain(value)}" for name, stat, value
                                        in line.pairs(run.stats[module])])


def parts(head, pairs):
    """No line has more than 50 pairs or 2000 bytes."""
    line = head + pairs[:1]
    for pair in pairs[1:]:
        if len(line) == 50 or len(" ".join(line + [pair])) > 2000:
            yield " ".join(line)
            line = list(head)
        line.append(pair)
    yield " ".join(line)


def old_pairs(run, window, wanted):
    """The keys of the old tools with their values, in order."""
    pairs = []

    def host(module, key, series, form, factor=1):
        line = run.lines(module, window).get("")
        if line and series in line.values and wanted(module, series):
            for stat in run.stats[module]:
                value = line.statistic(series, stat) * factor
                pairs.append((key + suffix(stat), form(value)))

    def average(line, module, series):
        stats = run.stats[module]
        return line.statistic(series, "mean" if "mean" in stats else "value")

    whole = "nonidle_ratio" if wanted("cpu", "nonidle_ratio") else "busy_ratio"
    host("cpu", "cpu", whole, percent)
    each = {int(name): percent(average(line, "cpu", "busy_ratio"))
            for name, line in run.lines("cpu", window).items()
            if name and wanted("cpu", name) and "busy_ratio" in line.values}
    if each:
        pairs.append(("cpu_list", ",".join(each.get(i, "") for i in range(max(each) + 1))))

    for key, series in (("short", "load1"), ("medium", "load5"), ("long", "load15"),
                        ("avg", "load5")):
        host("load", "load_" + key, series, plain)

    for key, series in (("mem_total", "total"), ("mem_free", "free"), ("mem_used", "used_with_cache"),
                        ("swap_total", "swap_total"), ("swap_free", "swap_free"),
                        ("swap_used", "swap_used"), ("virtual_total", "vmalloc_total"),
                        ("virtual_used", "vmalloc_used")):
        host("memory", key, series + "_bytes", plain)
    memory = run.lines("memory", window).get("")
    if memory and "vmalloc_used_bytes" in memory.values and wanted("memory", "vmalloc_used_bytes"):
        free = [memory.statistic(f"vmalloc_{what}_bytes", "value") for what in ("total", "used")]
        pairs.append(("virtual_free", plain(free[0] - free[1])))

    pairs.extend(old_net(run, window, wanted, average))

    disk = run.lines("disk", window).get("") if "disk" in run.reads else None
    for kind in ("disk", "swap"):
        swapping = disk and "swap_reads_per_second" in disk.values
        stem = "swap_" if kind == "swap" and swapping else ""
        for key, series, factor in (("rd", "reads", 1), ("wr", "writes", 1),
                                    ("sec_rd", "read_bytes", Fraction(1, 512)),
                                    ("sec_wr", "write_bytes", Fraction(1, 512))):
            if disk:
                none = kind == "swap" and not swapping
                host("disk", f"{kind}_{key}", stem + series + "_per_second", hundredths,
                     0 if none else factor)
    return pairs


def old_net(run, window, wanted, average):
    lines = run.lines("net", window)
    each = {name: line for name, line in lines.items() if name}
    summed = {"bytes_in": ["rx_bytes"], "bytes_out": ["tx_bytes"],
              "packets_in": ["rx_packets"], "packets_out": ["tx_packets"],
              "packeterrs_in": ["rx_errors", "rx_drops", "rx_fifo_errors", "rx_frame_errors"],
              "packeterrs_out": ["tx_errors", "tx_drops", "tx_fifo_errors", "tx_collisions"]}
    summed = {key: [series + "_per_second" for series in all_of] for key, all_of in summed.items()}
    for key, all_of in summed.items():
        sums = [sum(average(line, "net", series) for series in all_of) for line in each.values()
                if all(series in line.values and wanted("net", series) for series in all_of)]
        if sums:
            yield key, hundredths(sum(sums))
    for key in ("bytes_in", "bytes_out"):
        tops = [line.statistic(summed[key][0], "max") for line in each.values()
                if summed[key][0] in line.values]
        if tops and "max" in run.stats["net"]:
            yield key + "_max1m", hundredths(max(tops))
    if "" in lines and wanted("net", "devices"):
        yield "num_eth", plain(max(lines[""].values["devices"]))
    speeds = [max(line.values["speed_bytes_per_second"]) for line in each.values()
              if "speed_bytes_per_second" in line.values]
    if speeds and wanted("net", "speed_bytes_per_second"):
        yield "eth_speed", plain(max(speeds) * 8 / 10 ** 9)
    for key, said in (("bytes_in", ("mean", "value", "max")), ("bytes_out", ("mean", "value", "max")),
                      ("packets_in", ("mean", "value")), ("packets_out", ("mean", "value"))):
        for name, line in each.items():
            for stat in run.stats["net"]:
                series = summed[key][0]
                if stat not in said and series in line.values and wanted("net", series):
                    yield f"{key}_{name}_{stat}", hundredths(line.statistic(series, stat))


def classic(run, showxid):
    """Five pairs a line; a value of more than 40 characters has a line of its own."""
    for window in run.windows:
        lines, full = [], True
        for key, value in old_pairs(run, window, lambda module, series: True):
            alone = len(value) > 40
            if full or alone or len(lines[-1]) == 5:
                lines.append([])
            lines[-1].append(f"{key}={value}")
            full = alone
        if run.pressure and not full and len(lines[-1]) < 5:
            lines.pop()  # it goes on with pressure, which is not worked out here
        xid = [f"xid={whole_seconds(window[1])}"] if showxid else []
        yield from (" ".join(xid + line) for line in lines)


def load_report(run, wanted, old):
    """Of the one window, with the names of our own or with the old ones."""
    window = run.windows[0]
    pairs = [("duologger_heartbeat", whole_seconds(window[1]))]
    if old:
        pairs += old_pairs(run, window, wanted)
    else:
        for module in ("cpu", "load", "memory", "net"):
            for instance, line in run.lines(module, window).items():
                if module == "cpu" and instance:
                    continue
                start = "_".join([module] + [instance] * bool(instance))
                pairs += [(f"{start}_{name}{suffix(stat)}", plain(value)) for name, stat, value
                          in line.pairs(run.stats[module], lambda name: wanted(module, name))]
    return ["begin"] + [f"node1:{key}:{value}" for key, value in pairs] + ["end"]


def whole_seconds(end):
    """Half up."""
    return str(EPOCH + math.floor(end))


# --- The modes ---------------------------------------------------------------------------------

ALL = ("cpu", "load", "memory", "net", "disk")


def duologger(folder, host):
    seconds = list(range(1, 12))
    times = {"cpu": seconds, "load": [5, 10], "memory": [10, 11.5], "net": seconds, "disk": seconds}
    every = {"cpu": 1, "load": 5, "net": 1}
    stats = dict.fromkeys(ALL, FAST) | {"memory": VALUE}
    run = Run(folder, host, 5.5, [10, 11.5], times, every, stats)
    return {"": logfmt(run, ["start", "stop"]), "-classic": classic(run, True)}


def dlogger(folder, host):
    run = Run(folder, host, 5.5, [10, 11.5], dict.fromkeys(ALL, [10, 11.5]),
              dict.fromkeys(ALL, 10), dict.fromkeys(ALL, VALUE))
    return {"": logfmt(run, ["start", "stop"]), "-classic": classic(run, True)}


def cronlogger(folder, host):
    run = Run(folder, host, 0.5, [1], dict.fromkeys(ALL, [1]), dict.fromkeys(ALL, 1),
              dict.fromkeys(ALL, VALUE))
    return {"": logfmt(run, [""]), "-classic": classic(run, False)}


def qloadsensor(folder, host):
    series = {"cpu": ("busy_ratio", "iowait_ratio", "steal_ratio"),
              "load": ("load1", "load5", "load15"),
              "memory": ("available_bytes", "used_bytes", "swap_used_bytes",
                         "swap_in_bytes_per_second", "swap_out_bytes_per_second"),
              "net": ("rx_bytes_per_second", "tx_bytes_per_second")}

    def wanted(module, name):
        if "_utilisation_" in name:  # belongs to its counter
            name = name[:2] + "_bytes_per_second"
        return name in series[module]

    tenths = [Fraction(10 * i + 1, 10) for i in range(12)]
    times = {"cpu": tenths, "load": tenths[::5], "memory": tenths[::10], "net": tenths}
    stats = {"cpu": VALUE, "load": VALUE, "memory": VALUE, "net": ("mean", "max")}
    run = Run(folder, host, 5.5, [11.5], times, {}, stats)
    return {"": load_report(run, wanted, False), "-old": load_report(run, wanted, True)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hosts", type=Path)
    folder = parser.parse_args().hosts
    for mode in (duologger, dlogger, cronlogger, qloadsensor):
        for host in HOSTS:
            for form, lines in mode(folder, host).items():
                for line in lines:
                    print(mode.__name__, host + form, line)


if __name__ == "__main__":
    main()
