"""Plays a WattsUp meter on a pseudo terminal: wattsup.py LINK. Sends a record each half second once
it is told to log to the outside."""
import os
import pty
import sys
import time

meter, line = pty.openpty()
os.symlink(os.ttyname(line), sys.argv[1])
asked = b""
while b"#L,W,3,E,1,1;" not in asked:
    asked += os.read(meter, 100)
while True:
    os.write(meter, b"#d,-,18,1234,2301,536,1,10,200,0,0,0,0,0,0,99,0,600,123;\r\n")
    time.sleep(0.5)
