"""Clients that are generated from the committed OpenAPI documents, as the guide says: they make real calls."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import runner
from house import House

DOCUMENTS = pathlib.Path(__file__).parent.parent / "openapi"
GENERATE_S = 120


def generate(name, folder):
    """The recipe: one command for each document."""
    config = pathlib.Path(folder, f"{name}.yml")
    # Without its formatter, which is a program of its own and changes nothing that runs.
    config.write_text("post_hooks: []\n", encoding="utf-8")
    command = ["generate", "--path", str(DOCUMENTS / f"{name}.json"), "--meta", "none"]
    command += ["--config", str(config), "--output-path", str(pathlib.Path(folder, f"ayni_{name}"))]
    program = pathlib.Path(sys.executable).parent / "openapi-python-client"
    done = subprocess.run([program, *command], capture_output=True, text=True, timeout=GENERATE_S, check=False)
    if done.returncode != 0 or "Warning" in done.stdout + done.stderr:
        raise AssertionError(f"{name}: {done.stdout}{done.stderr}")


class Generated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="ayni-generated-")
        cls.addClassCleanup(folder.cleanup)
        for name in ("payments", "data"):
            generate(name, folder.name)
        sys.path.insert(0, folder.name)
        cls.addClassCleanup(sys.path.remove, folder.name)
        cls.house = House()
        cls.addClassCleanup(cls.house.close)

    def test_a_payment_is_made_read_and_refused_by_the_generated_client(self):
        from ayni_payments import AuthenticatedClient
        from ayni_payments.api.payments import create_payment, delete_payment, get_payment
        from ayni_payments.models import CreateRequest, CurrencyCode, ErrorBody

        key = {"token": self.house.api_key, "prefix": "", "auth_header_name": "x-api-key"}
        with AuthenticatedClient(base_url=self.house.url, **key) as client:
            new = CreateRequest(amount=1000, currency=CurrencyCode.CLP, subject="Two cups")
            made = create_payment.sync(client=client, body=new, idempotency_key="order-7")
            again = create_payment.sync(client=client, body=new, idempotency_key="order-7")
            self.assertEqual(made.payment_id, again.payment_id)
            payment = get_payment.sync(made.payment_id, client=client)
            self.assertEqual((payment.status, payment.amount), ("pending", "1000.0000"))
            delete_payment.sync(made.payment_id, client=client)
            refused = delete_payment.sync(made.payment_id, client=client)
            self.assertIsInstance(refused, ErrorBody)
            self.assertEqual(refused.errors[0].field, "payment_id")

    def test_a_debt_is_looked_up_by_the_generated_client(self):
        from ayni_data import AuthenticatedClient
        from ayni_data.api.servipag import com_services_servipag_consult_debt as consult_debt
        from ayni_data.models import ComServicesServipagConsultDebtBody as Body
        from ayni_data.models import ComServicesServipagConsultDebtBodyRequestData as Request

        key = {"token": self.house.api_key, "prefix": "", "auth_header_name": "x-api-key"}
        with AuthenticatedClient(base_url=self.house.url, timeout=60, **key) as client:
            asked = Request(enterprise_name="Aguas Andinas", client_identifier="25252525")
            envelope = consult_debt.sync(client=client, body=Body(request_data=asked))
            self.assertEqual(envelope.to_dict()["Data"]["Debt"]["PendingDebt"], 15340)


if __name__ == "__main__":
    runner.run(Generated)
