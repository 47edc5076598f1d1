// What every file of tests plays on: a house of its own, a merchant and a browser, opened before and closed after.
import { after, before } from "node:test";
import { openChromium, openPayer } from "./browser.mjs";
import { openHouse } from "./house.mjs";
import { openMerchant } from "./merchant.mjs";

/** Sets the stage for this file; its members are there once a test runs. */
export function setStage(name) {
  const stage = {
    /** A browser on the payment's pages and the shop's. */
    payer: (options) => openPayer(stage.engine, [stage.house.gateway_url, stage.merchant.url], options),
    /** A browser on the bank's own site. */
    customer: (options) => openPayer(stage.engine, [stage.house.demo_bank_url], options),
    /** A browser on the bill portal. */
    person: (options) => openPayer(stage.engine, [stage.house.portal_url], options),
  };
  before(async () => {
    [stage.engine, stage.house] = await Promise.all([openChromium(), openHouse(name)]);
    stage.merchant = await openMerchant(stage.house);
  });
  after(async () => {
    await stage.merchant?.close();
    await stage.engine?.close();
    await stage.house?.close();
  });
  return stage;
}
