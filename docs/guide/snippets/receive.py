"""A merchant's server in its smallest form: it checks each notification, prints it and answers 200."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from verify import is_genuine

PORT = int(sys.argv[1])
SECRET = json.loads(Path("ayni-data/dev.json").read_text())["secret"]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        raw_body = self.rfile.read(int(self.headers["content-length"]))
        genuine = is_genuine(self.headers.get("x-khipu-signature", ""), raw_body, SECRET)
        self.send_response(200 if genuine else 400)
        self.end_headers()
        if genuine:
            told = json.loads(raw_body)
            keys = ("payment_id", "amount", "currency", "subject") if "payment_id" in told else ("OperationId", "Status")
            line = " ".join(told[key] for key in keys)
            print(line, flush=True)
            with open("notifications.log", "a") as log:
                print(line, file=log)


HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()
