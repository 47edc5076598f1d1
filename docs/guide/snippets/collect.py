"""Makes a payment and reads it again, with a client that was generated from openapi/payments.json."""

import json
from pathlib import Path

from ayni_payments import AuthenticatedClient
from ayni_payments.api.payments import create_payment, get_payment
from ayni_payments.models import CreateRequest, CurrencyCode

DEV = json.loads(Path("ayni-data/dev.json").read_text())

client = AuthenticatedClient(base_url=DEV["gateway_url"], token=DEV["api_key"], prefix="", auth_header_name="x-api-key")
order = CreateRequest(amount=1000, currency=CurrencyCode.CLP, subject="Two cups", transaction_id="order-8")
made = create_payment.sync(client=client, body=order, idempotency_key="order-8")
payment = get_payment.sync(made.payment_id, client=client)
print(payment.transaction_id, payment.status, payment.amount)
