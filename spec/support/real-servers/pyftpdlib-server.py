"""pyftpdlib-server.py CONFIG: serves one directory to one user, as the JSON file says; see pyftpdlib.ts."""

import json
import logging
import os
import sys

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer


class ImplicitTlsHandler(TLS_FTPHandler):
    """TLS from the first byte: the greeting waits for the handshake."""

    def handle(self):
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self):
        super().handle()


def handler_for(tls):
    if tls is None:
        return FTPHandler
    handler = ImplicitTlsHandler if tls["mode"] == "implicit" else TLS_FTPHandler
    handler.certfile = tls["certificate"]
    handler.keyfile = tls["key"]
    handler.tls_control_required = tls["required"] and tls["mode"] == "explicit"
    handler.tls_data_required = tls["required"]
    return handler


def main():
    with open(sys.argv[1]) as file:
        config = json.load(file)
    logging.basicConfig(level=logging.DEBUG if config["logCommands"] else logging.ERROR)
    os.umask(0o022)
    os.setgroups([])
    os.setgid(config["ids"]["gid"])
    os.setuid(config["ids"]["uid"])
    authorizer = DummyAuthorizer()
    authorizer.add_user(config["user"], config["password"], config["root"], perm="elradfmwMT")
    handler = handler_for(config["tls"])
    handler.authorizer = authorizer
    handler.auth_failed_timeout = 0
    first, last = config["passivePorts"]
    handler.passive_ports = range(first, last + 1)
    if config["requireClientCertificate"]:
        context = handler.get_ssl_context()
        context.load_verify_locations(config["tls"]["authority"])
        # OpenSSL resumes no session with client certificates unless it can tell its own from others.
        context.set_session_id(b"rxftp")
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: _[-1])
    server = FTPServer((config["host"], config["port"]), handler, backlog=512)
    server.max_cons = 0
    server.serve_forever()


main()
