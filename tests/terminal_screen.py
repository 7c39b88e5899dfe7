"""Runs a command in a real terminal, and gives what then stands on its screen."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

_PIECES = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|[\r\n]|[^\x1b\r\n]+|\x1b")


def run_in_terminal(words, *, columns=80, folder=None):
    """Return the lines of the screen and the exit code of `leadanalytics` with some words, in a terminal so wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "CI")}
    environment |= {"TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[1])}
    code = "from leadanalytics.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        **dict.fromkeys(("stdin", "stdout", "stderr"), theirs),
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux says so that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return screen(shown.decode(), columns), process.wait()


def screen(text, columns):
    """Return the lines that a terminal shows after a text with the control sequences that rich writes."""
    lines, row, place = [""], 0, 0
    for piece in _PIECES.finditer(text):
        number, order = piece[1], piece[2]
        if order == "A":
            row = max(row - int(number or 1), 0)
        elif order == "K":
            lines[row] = "" if number == "2" else lines[row][:place]
        elif order or piece[0] == "\x1b":
            assert order in ("m", "h", "l"), f"a control sequence that this screen does not know: {piece[0]!r}"
        elif piece[0] == "\r":
            place = 0
        elif piece[0] == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        else:
            for character in piece[0]:
                if place == columns:
                    row, place = row + 1, 0
                    lines += [""] * (row + 1 - len(lines))
                lines[row] = lines[row].ljust(place)[:place] + character + lines[row][place + 1 :]
                place += 1
    return [line.rstrip() for line in lines]
