#!/usr/bin/env python3
"""A biller's own interface as a connector of Ayni: nothing but Python's standard library.

    BILLER_SECRET=… python3 biller.py 9100
    ayni connector check http://127.0.0.1:9100
"""

import datetime
import hmac
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_BYTES_MAX = 64 * 1024

# What the biller knows: its clients' bills, in whole pesos, and who may see which clients.
BILLS = {"70001": [("2025-06-10", 8990)], "70002": [("2025-06-10", 4500), ("2025-05-10", 4500)], "70003": []}
CUSTOMERS = {("11.111.111-1", "clave-de-prueba"): ["70001", "70002"]}

DECLARATION = {
    "institution": "biller.example",
    "path": "cl/services/biller.example",
    "scope": "cl_services_biller",
    "name": "Biller",
    "operations": [
        {"name": "consult-debt",
         "parameters": [{"name": "ClientIdentifier", "kind": {"text": {"max_chars": 20}}, "required": True},
                        {"name": "DueUntil", "kind": "date", "required": False}]},
        {"name": "service-accounts", "needs_login": True, "parameters": []},
    ],
    "login_fields": [{"name": "Username", "label": "RUT"}, {"name": "Password", "label": "Clave", "secret": True}],
}
SAMPLES = [
    {"operation": "consult-debt", "arguments": {"ClientIdentifier": "70001"}},
    {"operation": "consult-debt", "arguments": {"ClientIdentifier": "70003"}},
    {"operation": "service-accounts", "login": {"username": "11.111.111-1", "password": "clave-de-prueba"}},
]


class Fault(Exception):
    def __init__(self, code, detail=None):
        super().__init__(code)
        self.answer = {"fault": {"code": code, **({"detail": detail} if detail else {})}}


def consult_debt(arguments, login):
    if arguments["ClientIdentifier"] not in BILLS:
        raise Fault("E402")
    until = arguments.get("DueUntil", "9999-12-31")
    bills = [bill for bill in BILLS[arguments["ClientIdentifier"]] if bill[0] <= until]
    if not bills:
        return {"data": None, "note": "El cliente no registra deuda."}
    debt = {"DueDate": min(due for due, _ in bills), "PendingDebt": sum(pesos for _, pesos in bills)}
    return {"data": {"Debt": debt}, **({"note": f"Suma de {len(bills)} cuentas."} if len(bills) > 1 else {})}


def service_accounts(arguments, login):
    clients = CUSTOMERS.get((login["username"], login["password"]))
    if clients is None:
        raise Fault("E101")
    named = [{"CompanyName": "Biller", "ServiceType": "Ejemplo", "ClientIdentifier": client} for client in clients]
    return {"data": {"ServiceAccount": named}}


OPERATIONS = {"consult-debt": consult_debt, "service-accounts": service_accounts}


def checked(operation, arguments, login):
    """Refuses what the declaration does not allow."""
    spec = next((spec for spec in DECLARATION["operations"] if spec["name"] == operation), None)
    if spec is None:
        raise Fault("P004")
    if spec.get("needs_login") and not login:
        raise Fault("P001", "login")
    for parameter in spec["parameters"]:
        name, value = parameter["name"], arguments.get(parameter["name"])
        if value is None and parameter["required"]:
            raise Fault("P001", name)
        if value is not None and parameter["kind"] == "date":
            try:
                datetime.date.fromisoformat(value)
            except ValueError:
                raise Fault("P002", name)
        elif value is not None and not 1 <= len(value) <= parameter["kind"]["text"]["max_chars"]:
            raise Fault("P003", name)


def run(asked):
    arguments, login = asked.get("arguments") or {}, asked.get("login")
    checked(asked.get("operation"), arguments, login)
    return OPERATIONS[asked["operation"]](arguments, login)


def log_in(asked):
    found = service_accounts({}, asked["login"])["data"]["ServiceAccount"]
    accounts = [{"name": a["CompanyName"], "kind": a["ServiceType"], "identification": a["ClientIdentifier"]}
                for a in found]
    return {"done": {"accounts": accounts}}


class Biller(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        pages = {"/health": {}, "/declaration": {"declaration": DECLARATION, "samples": SAMPLES}}
        self.answer(pages.get(self.path))

    def do_POST(self):
        handler = {"/run": run, "/log-in": log_in}.get(self.path)
        length = int(self.headers.get("Content-Length", 0))
        if length > BODY_BYTES_MAX:
            self.close_connection = True
            return self.answer({"fault": {"code": "P003"}})
        body = self.rfile.read(length)
        try:
            asked = json.loads(body)
            if not isinstance(asked, dict) or asked.get("version") != 1:
                raise Fault("P002")
            self.answer(handler and handler(asked))
        except Fault as fault:
            self.answer(fault.answer)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.answer({"fault": {"code": "P002"}})

    def answer(self, said):
        secret, given = os.environ.get("BILLER_SECRET"), self.headers.get("Authorization", "")
        status = 200 if said is not None else 404
        if secret and not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            status, said = 401, {}
        body = json.dumps({"version": 1, **(said or {})}, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Identifiers and credentials belong in no log."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9100), Biller)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
