#!/usr/bin/env python3
"""What the modules tcp and nfs read of a fixture host, worked out apart from the program.

    netfiles.py tcp|nfs HOST...

Prints for each folder HOST the readings in the order of the module, as src/test/resources/expected
has them. Each is read as the first one of its host. Shares nothing with the program that it checks.
"""

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


def tcp(proc):
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


def main():
    module, *hosts = sys.argv[1:]
    for host in hosts:
        for line in {"tcp": tcp}[module](Path(host) / "proc"):
            print(line)


if __name__ == "__main__":
    main()
