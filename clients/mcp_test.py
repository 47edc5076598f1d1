"""`ayni mcp` as the official Python SDK sees it, over standard input and output."""

import json
import os
import unittest

import anyio
from mcp import ClientSession, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

import runner
from house import House

READING = {
    "consult_debt", "get_delivery", "get_notification", "get_operation", "get_payment", "get_refund", "get_settlement",
    "get_wallet", "list_banks", "list_notifications", "list_payment_methods", "list_payments", "list_refunds",
    "list_settlements", "predict_payment",
}
WRITING = {"create_payment", "delete_payment", "refund_payment"}
TEST_S = 60


class Mcp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)

    def run_session(self, steps, *arguments):
        """Starts the server and runs the steps in a session with it."""

        async def session():
            command = ["mcp", "--data-dir", self.house.data, *arguments]
            server = StdioServerParameters(command=os.environ["AYNI_BIN"], args=command)
            with anyio.fail_after(TEST_S):
                async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
                    await steps(session, await session.initialize())

        anyio.run(session)

    def test_without_permission_everything_is_read_only_and_says_so(self):
        async def steps(session, begun):
            self.assertEqual((begun.server_info.name, begun.protocol_version), ("ayni", "2025-11-25"))
            tools = (await session.list_tools()).tools
            self.assertEqual({tool.name for tool in tools}, READING)
            for tool in tools:
                self.assertTrue(tool.annotations.read_only_hint, tool.name)
                self.assertEqual(tool.input_schema["type"], "object")
            banks = await session.call_tool("list_banks", {})
            self.assertIn("DemoBank", [bank["name"] for bank in banks.structured_content["banks"]])
            debt = await session.call_tool(
                "consult_debt", {"company": "Aguas Andinas", "client_identifier": "25252525"}
            )
            self.assertEqual(debt.structured_content["Data"]["Debt"]["PendingDebt"], 15340)
            for tool, rows in (("notifications", "notices"), ("refunds", "refunds"), ("settlements", "settlements")):
                listed = await session.call_tool(f"list_{tool}", {})
                self.assertEqual(listed.structured_content[rows], [])
            absent = await session.call_tool("get_payment", {"payment_id": "aaaaaaaaaaaa"})
            self.assertTrue(absent.is_error)
            self.assertIn("404", absent.content[0].text)
            for arguments in ({}, {"payment_id": 7}, {"payment_id": "a", "amount": "1"}):
                wrong = await session.call_tool("get_payment", arguments)
                self.assertTrue(wrong.is_error, arguments)
            with self.assertRaises(MCPError):
                await session.call_tool("create_payment", {"amount": "1000", "subject": "x"})

        self.run_session(steps)

    def test_with_permission_a_payment_is_made_once_read_and_deleted(self):
        async def steps(session, _):
            tools = {tool.name: tool.annotations for tool in (await session.list_tools()).tools}
            self.assertEqual(set(tools), READING | WRITING)
            self.assertTrue(tools["refund_payment"].destructive_hint)
            self.assertFalse(tools["create_payment"].destructive_hint)
            new = {"amount": "1000", "subject": "Two cups", "idempotency_key": "mcp-1"}
            made = await session.call_tool("create_payment", new)
            again = await session.call_tool("create_payment", new)
            self.assertEqual(made.structured_content, again.structured_content)
            id = {"payment_id": made.structured_content["payment_id"]}
            listed = await session.call_tool("list_payments", {"limit": "1"})
            self.assertEqual(listed.structured_content["payments"][0]["payment_id"], id["payment_id"])
            refused = await session.call_tool("refund_payment", id)
            self.assertTrue(refused.is_error)
            self.assertIn("payment_id", refused.content[0].text)
            await session.call_tool("delete_payment", id)
            read = await session.call_tool("get_payment", id)
            self.assertEqual(json.loads(read.content[0].text)["status"], "deleted")

        self.run_session(steps, "--allow-writes")


if __name__ == "__main__":
    runner.run(Mcp)
