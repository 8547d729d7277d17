#!/usr/bin/env python3
"""What the modules tcp and nfs read of a fixture host, worked out apart from the program.

    netfiles.py tcp|nfs HOST...

Prints the readings of the last folder HOST, in the order of the module, as src/test/resources/expected
has them; those before it are what was read before. Shares nothing with the program that it checks.
"""

import re
import struct
import sys
from pathlib import Path

TCP = """rx_segments=InSegs tx_segments=OutSegs retransmits=RetransSegs active_opens=ActiveOpens
passive_opens=PassiveOpens failed_opens=AttemptFails established_resets=EstabResets tx_resets=OutRsts
rx_errors=InErrs rx_checksum_errors=InCsumErrors"""

EXTENSIONS = """listen_overflows=ListenOverflows listen_drops=ListenDrops
request_queue_drops=TCPReqQFullDrop syncookies_sent=SyncookiesSent timeouts=TCPTimeouts
spurious_timeouts=TCPSpuriousRTOs syn_retransmits=TCPSynRetrans fast_retransmits=TCPFastRetrans
lost_retransmits=TCPLostRetransmit out_of_order=TCPOFOQueue prunes=PruneCalled
collapses=TCPRcvCollapsed rx_queue_drops=TCPRcvQDrop backlog_drops=TCPBacklogDrop
time_wait_overflows=TCPTimeWaitOverflow memory_aborts=TCPAbortOnMemory
timeout_aborts=TCPAbortOnTimeout memory_pressures=TCPMemoryPressures"""

UDP = """udp_rx_datagrams=InDatagrams udp_tx_datagrams=OutDatagrams udp_no_ports=NoPorts
udp_rx_errors=InErrors udp_rx_buffer_drops=RcvbufErrors udp_tx_buffer_drops=SndbufErrors"""


def read(path):
    return path.read_text().splitlines() if path.exists() else []


def named(path, protocol):
    """The two lines of a protocol as a dictionary."""
    lines = [line.split()[1:] for line in read(path) if line.startswith(protocol + ": ")]
    return dict(zip(lines[0], map(int, lines[1]))) if lines else {}


def counters(table, names):
    for pair in names.split():
        ours, theirs = pair.split("=")
        if theirs in table:
            yield f"{ours}_per_second counter {table[theirs] % 2**64}"


def page_size(proc):
    try:
        words = struct.iter_unpack("=QQ", (proc / "self/auxv").read_bytes())
        return next(value for kind, value in words if kind == 6)
    except FileNotFoundError:
        return 4096


def tcp(proc, _):
    net = proc / "net"
    table = named(net / "snmp", "Tcp")
    yield from counters(table, TCP)
    if table["CurrEstab"] < 2**31:
        yield f"established gauge {table['CurrEstab']}"
    again = table["RetransSegs"]
    yield f"retransmit_ratio ratio {again} / {(again + table['OutSegs']) % 2**64}"
    yield from counters(named(net / "netstat", "TcpExt"), EXTENSIONS)
    udp = named(net / "snmp", "Udp")
    for line in read(net / "snmp6"):
        name, value = line.split()
        if name.startswith("Udp6"):
            udp[name[4:]] = udp.get(name[4:], 0) + int(value)
    yield from counters(udp, UDP)
    sockets = {}
    for line in read(net / "sockstat") + read(net / "sockstat6"):
        words = line.replace(":", "").split()
        for key, value in zip(words[1::2], words[2::2]):
            if int(value) >= 0:
                name = words[0].removesuffix("6") + " " + key
                sockets[name] = sockets.get(name, 0) + int(value)
    page = page_size(proc)
    for ours, theirs, factor in (
            ("all_sockets", "sockets used", 1), ("sockets", "TCP inuse", 1),
            ("orphans", "TCP orphan", 1), ("time_wait", "TCP tw", 1),
            ("sockets_allocated", "TCP alloc", 1), ("memory_bytes", "TCP mem", page),
            ("udp_sockets", "UDP inuse", 1), ("udp_memory_bytes", "UDP mem", page)):
        if theirs in sockets:
            yield f"{ours} gauge {sockets[theirs] * factor}"


KINDS = {"READ": "read_", "READ_PLUS": "read_", "WRITE": "write_", "COMMIT": "commit_", "NULL": None}


def mounts(proc):
    """Mount point to export, age, bytes and operations; the last one of a point counts."""
    found = {}
    text = (proc / "self/mountstats").read_text()
    for record in re.split(r"^(?=(?:no )?device )", text, flags=re.M):
        head = re.match(r"device (\S+) mounted on (\S+) with fstype nfs4? statvers", record)
        if head:
            export, point = (re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), name)
                             for name in head.groups())
            age = int(re.search(r"^\tage:\t(\d+)", record, re.M)[1])
            sizes = [int(x) for x in re.search(r"^\tbytes:\t(.*)", record, re.M)[1].split()]
            operations = {name: [int(x) for x in numbers.split()] for name, numbers in
                          re.findall(r"^\t *(\w+): ([\d ]+)$", record.split("per-op")[1], re.M)}
            found[point] = (export, age, sizes, operations)
    return found


def again(operations):
    return sum(max(0, line[1] - line[0]) for line in operations.values())


def mount(point, now, before):
    export, age, sizes, operations = now

    def line(name, value):
        return f"{name}{{mount={point}}} {value}"

    yield line("export", "info " + export)
    if before and (before[0] != export or age < before[1]):
        return
    for name, size in (("read", sizes[4]), ("write", sizes[5]),
                       ("application_read", sizes[0] + sizes[2]),
                       ("application_write", sizes[1] + sizes[3])):
        yield line(name + "_bytes_per_second", f"counter {size}")
    total = [sum(column) % 2**64 for column in zip(*operations.values())]
    retransmits = max(again(operations), again(before[3]) if before else 0)
    yield line("retransmits_per_second", f"counter {retransmits}")
    for name, column in (("timeouts", 2), ("tx_bytes", 3), ("rx_bytes", 4), ("errors", 8)):
        if column < len(total):
            yield line(name + "_per_second", f"counter {total[column]}")
    yield line("retransmit_ratio", f"ratio {retransmits} / {total[1]}")
    for kind in ("read_", "write_", "commit_", "metadata_", ""):
        own = [numbers for name, numbers in operations.items()
               if kind in ("", KINDS.get(name, "metadata_"))]
        sums = [sum(column) % 2**64 for column in zip(*own)]
        yield line(kind + "operations_per_second", f"counter {sums[0]}")
        for time, column in (("rtt", 6), ("execution", 7), ("queue", 5)):
            yield line(f"{kind}{time}_seconds", f"ratio {sums[column]} / {sums[0]}")


def calls(proc):
    """Calls, retransmissions, reads, writes and all else but NULL."""
    sums = [0] * 5
    for words in (line.split() for line in read(proc / "net/rpc/nfs")):
        numbers = [int(x) for x in words[1:]]
        if words[0] == "rpc":
            sums[0:2] = numbers[0:2]
        elif words[0] in ("proc2", "proc3", "proc4"):
            at = {"proc2": (6, 8), "proc3": (6, 7), "proc4": (1, 2)}[words[0]]
            reads, writes = (numbers[1 + i] for i in at)
            sums[2] += reads
            sums[3] += writes
            sums[4] += sum(numbers[2:]) - reads - writes
    return sums


def nfs(proc, befores):
    names = ("calls", "call_retransmits", "read_calls", "write_calls", "other_calls")
    for name, number in zip(names, calls(proc)):
        yield f"{name}_per_second counter {number % 2**32}"
    earlier = mounts(befores[-1]) if befores else {}
    now = mounts(proc)
    for point, what in now.items():
        yield from mount(point, what, earlier.get(point))
    yield f"mounts gauge {len(now)}"


def main():
    module, *folders = sys.argv[1:]
    *befores, last = (Path(folder) / "proc" for folder in folders)
    for line in {"tcp": tcp, "nfs": nfs}[module](last, befores):
        print(line)


if __name__ == "__main__":
    main()
