"""Spans as a collector sees them: OTLP over HTTP, read with OpenTelemetry's own protobuf package."""

import http.server
import os
import signal
import subprocess
import threading
import time
import unittest
from hashlib import sha256

import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

import runner
from house import House, REQUEST_S

PATIENCE_S = 60
# The gateway drains, and then gives its last spans five seconds.
STOP_S = 30
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
STATE = "tracestate-of-somebody"
COLLECTOR_KEY = "key-of-the-collector"


class Server:
    """A server on loopback that does `take(handler, body)` with each POST."""

    def __init__(self, take):
        class Taking(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                take(self, self.rfile.read(int(self.headers["content-length"])))

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def answer(handler, status, body=b""):
    handler.send_response(status)
    handler.send_header("content-type", "application/x-protobuf")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Collector(Server):
    """Takes what is exported, and remembers it."""

    def __init__(self):
        self.exports, self.lock = [], threading.Lock()
        super().__init__(self.take)

    def take(self, handler, body):
        with self.lock:
            self.exports.append((handler.path, dict(handler.headers), body))
        answer(handler, 200, ExportTraceServiceResponse().SerializeToString())

    def requests(self):
        with self.lock:
            exports = list(self.exports)
        for path, headers, body in exports:
            assert path == "/v1/traces", path
            assert headers["content-type"] == "application/x-protobuf", headers
            assert headers["x-collector-key"] == COLLECTOR_KEY, headers
            yield ExportTraceServiceRequest.FromString(body)

    def spans(self):
        """Every span so far, with its attributes as a dict."""
        for request in self.requests():
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        yield span, {pair.key: value_of(pair.value) for pair in span.attributes}

    def bytes(self):
        with self.lock:
            return b"".join(body for _, _, body in self.exports)


def value_of(value):
    return getattr(value, value.WhichOneof("value"))


def trace_of(payment):
    return sha256(f"ayni-trace:{payment}".encode()).hexdigest()[:32]


def exporting_to(url, **more):
    """The variables of a gateway that exports there, in place of all others of OpenTelemetry's."""
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        del os.environ[name]
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url
    os.environ["OTEL_EXPORTER_OTLP_HEADERS"] = f"x-collector-key={COLLECTOR_KEY}"
    os.environ.update(more)


def create(house, shop=None, **headers):
    body = {
        "amount": 654321, "currency": "CLP", "subject": "Dos cafés", "payer_email": "ana@example.com",
        "payer_name": "Ana Soto",
    }
    if shop:
        body["notify_url"] = f"{shop.url}/notify/hunter1?token=hunter2"
    headers["x-api-key"] = house.api_key
    made = requests.post(f"{house.url}/v3/payments", json=body, headers=headers, timeout=REQUEST_S)
    made.raise_for_status()
    return made.json()["payment_id"]


def pay(house, payment):
    command = [os.environ["AYNI_BIN"], "payment", "pay", payment, "--data-dir", house.data]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE_S)


class Traces(unittest.TestCase):
    def open(self, collector, **more):
        exporting_to(collector.url, **more)
        house = House()
        self.addCleanup(house.close)
        return house

    def server(self, kind, *arguments):
        server = kind(*arguments)
        self.addCleanup(server.close)
        return server

    def find(self, collector, name, trace=None, **wanted):
        """The first span of this name and trace with these attributes, once it is there."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for span, attributes in collector.spans():
                is_of_trace = trace is None or span.trace_id.hex() == trace
                if span.name == name and is_of_trace and wanted.items() <= attributes.items():
                    return span, attributes
            time.sleep(0.1)
        seen = sorted({span.name for span, _ in collector.spans() if trace in (None, span.trace_id.hex())})
        self.fail(f"no span {name} of {trace} with {wanted} among {seen}")

    def test_a_payments_life_is_one_trace_and_its_making_belongs_to_its_caller(self):
        collector = self.server(Collector)
        shop = self.server(Server, lambda handler, _: answer(handler, 200))
        house = self.open(collector, OTEL_SERVICE_NAME="ayni-of-this-test", OTEL_BSP_SCHEDULE_DELAY="200")
        traceparent = f"00-{TRACE}-{PARENT}-01"
        payment = create(house, shop, traceparent=traceparent, tracestate=f"a={STATE}")
        of_payment, own = {"ayni.payment_id": payment}, trace_of(payment)

        made, attributes = self.find(collector, "POST /v3/payments", TRACE, **of_payment)
        self.assertEqual(made.parent_span_id.hex(), PARENT)
        self.assertEqual(made.kind, made.SPAN_KIND_SERVER)
        self.assertEqual(attributes["http.response.status_code"], 200)
        self.assertEqual(attributes["http.route"], "/v3/payments")
        self.assertEqual([link.trace_id.hex() for link in made.links], [own])
        created, _ = self.find(collector, "payment created", own, **of_payment)
        self.assertEqual([link.span_id for link in created.links], [made.span_id])

        pay(house, payment)
        self.find(collector, "POST /payment/simplified/{id}", own, **of_payment)
        self.find(collector, "visit Bawdf answer", own, **of_payment)
        self.find(collector, "visit Bawdf authorise", own, **of_payment)
        self.find(collector, "payment settled", own, **of_payment)
        told, attributes = self.find(collector, "POST notification", own, **of_payment)
        self.assertEqual(attributes["http.response.status_code"], 200)
        self.assertEqual(attributes["server.address"], "127.0.0.1")
        self.assertLess(created.start_time_unix_nano, told.start_time_unix_nano)
        job, _ = self.find(collector, "job statement")
        self.assertNotEqual(job.trace_id.hex(), own)
        visits = [span for span, _ in collector.spans() if span.name == "visit Bawdf statement"]
        self.assertIn(job.span_id, [visit.parent_span_id for visit in visits])

        key = {"x-api-key": house.api_key}
        requests.get(f"{house.url}/v3/payments/{payment}", headers=key, timeout=REQUEST_S)
        self.find(collector, "GET /v3/payments/{id}", own, **{"http.response.status_code": 200, **of_payment})
        services = {
            value_of(pair.value)
            for request in collector.requests()
            for resource in request.resource_spans
            for pair in resource.resource.attributes
            if pair.key == "service.name"
        }
        self.assertEqual(services, {"ayni-of-this-test"})

    def test_nothing_secret_is_exported(self):
        collector = self.server(Collector)
        shop = self.server(Server, lambda handler, _: answer(handler, 200))
        house = self.open(collector, OTEL_BSP_SCHEDULE_DELAY="200")
        payment = create(
            house, shop, traceparent=f"00-{TRACE}-{PARENT}-01", tracestate=f"a={STATE}", **{"x-request-id": "rut 11111111-1"}
        )
        pay(house, payment)
        key = {"x-api-key": house.api_key}
        paths = [
            f"/v3/payments/{payment}?rut=11111111-1", "/v3/payments/11.111.111-1", "/v3/payments/password1234",
            "/v3/nowhere/ana@example.com", "/console/invited/hunter3", "/consents/hunter3",
        ]
        for path in paths:
            requests.get(house.url + path, headers=key, timeout=REQUEST_S)
        signing_in = {"email": "ana@example.com", "password": "hunter4"}
        requests.post(f"{house.url}/console/sign-in", data=signing_in, timeout=REQUEST_S)
        token = {"grant_type": "client_credentials"}
        requests.post(
            f"{house.url}/oauth/token", data=token, auth=(house.client_id, house.client_secret), timeout=REQUEST_S
        ).raise_for_status()
        self.find(collector, "POST notification", trace_of(payment))
        self.find(collector, "GET /v3/payments/{id}", **{"http.response.status_code": 404})
        self.find(collector, "POST /console/sign-in")
        self.find(collector, "POST /oauth/token", **{"http.response.status_code": 200})
        self.find(collector, "GET", **{"http.response.status_code": 404})
        exported = collector.bytes()
        self.assertIn(payment.encode(), exported)
        secrets = [
            house.api_key, house.client_secret, "hunter", "11111111", "11.111.111", "ana@", "Ana Soto", "cafés",
            "654321", STATE, COLLECTOR_KEY, "password1234",
        ]
        for secret in secrets:
            self.assertNotIn(secret.encode(), exported, secret)

    def test_what_waits_is_exported_when_the_gateway_stops(self):
        collector = self.server(Collector)
        house = self.open(collector, OTEL_BSP_SCHEDULE_DELAY="600000")
        payment = create(house)
        self.assertEqual(list(collector.requests()), [])
        house.process.send_signal(signal.SIGTERM)
        self.assertEqual(house.process.wait(STOP_S), 0)
        self.assertIn("payment created", {span.name for span, _ in collector.spans()})
        self.assertIn(payment.encode(), collector.bytes())

    def test_a_collector_that_never_answers_costs_no_payment_and_the_stop_is_bounded(self):
        hanging = threading.Event()
        self.addCleanup(hanging.set)
        arrived = threading.Event()

        def hang(handler, _):
            arrived.set()
            hanging.wait()

        collector = self.server(Server, hang)
        house = self.open(collector, OTEL_BSP_SCHEDULE_DELAY="10", OTEL_BSP_MAX_QUEUE_SIZE="16")
        create(house)
        self.assertTrue(arrived.wait(PATIENCE_S))
        # Far more than may wait: what finds no room is left out.
        payments = [create(house) for _ in range(100)]
        self.assertEqual(len(set(payments)), 100)
        house.process.send_signal(signal.SIGTERM)
        self.assertEqual(house.process.wait(STOP_S), 0)


if __name__ == "__main__":
    runner.run(Traces)
