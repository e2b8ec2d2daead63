import { startZohoStandIn, type ZohoStandInOptions } from '#infra/demo/zoho-stand-in/start-zoho-stand-in.ts';
import { mappingsFor } from '#shared/adapters/crm/mappings-for.ts';
import { zohoClient } from '#shared/adapters/crm/zoho/zoho-client.ts';
import { memoryTokenStore } from '#shared/adapters/memory/token-store.ts';
import { handClock } from '../hand-clock.ts';

const client = { clientId: '1000.CLIENT', clientSecret: 'client-secret', refreshToken: '1000.refresh' };

/** A stand-in Zoho, and our client of it on a clock moved by hand. */
export const openZoho = async (options: Partial<ZohoStandInOptions> = {}) => {
  const clock = handClock();
  const zoho = await startZohoStandIn({ client, now: clock.wallNow, ...options });
  const tokens = memoryTokenStore();
  const connect = (overrides: Partial<Parameters<typeof zohoClient>[0]> = {}) =>
    zohoClient({
      ...clock,
      connection: 'zoho-eu',
      holder: 'test',
      hosts: { accounts: zoho.url, api: zoho.url },
      credentials: client,
      tokens,
      callsPerSecond: 50,
      random: () => 0.5,
      timeoutMs: 10_000,
      ...overrides,
    });
  return { zoho, clock, tokens, connect, records: mappingsFor({ vendor: 'zoho', records: {} }) };
};

export type ZohoWorld = Awaited<ReturnType<typeof openZoho>>;

export const invoice = (id: string, account = '42') => ({
  id,
  Account_Name: { name: 'Acme', id: account },
  Invoice_Date: '2026-09-01',
  Grand_Total: 12.5,
  Status: 'Approved',
  Internal_Note: 'not asked for',
});
