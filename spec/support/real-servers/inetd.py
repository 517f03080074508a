"""inetd.py HOST PORT COMMAND...: runs the command for each connection, the socket being its stdin and stdout."""

import signal
import socket
import subprocess
import sys

host, port, *command = sys.argv[1:]
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
family = socket.AF_INET6 if ":" in host else socket.AF_INET
with socket.create_server((host, int(port)), family=family, backlog=512) as listener:
    while True:
        connection, _ = listener.accept()
        # Not waited for: with SIGCHLD ignored the kernel reaps it. The default action is the daemon's again.
        subprocess.Popen(command, stdin=connection, stdout=connection, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_DFL))
        connection.close()
