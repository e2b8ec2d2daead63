import type { ZohoConnection } from '../../../definitions/workspace.ts';

export interface ZohoHosts {
  /** Origin of the token endpoint, no slash at its end. */
  readonly accounts: string;
  readonly api: string;
}

/** A closed table: a token answer or a redirect can never send our credentials elsewhere (zoho.com, multi-dc.html). */
const dataCentres: Record<ZohoConnection['dataCentre'], ZohoHosts> = {
  us: { accounts: 'https://accounts.zoho.com', api: 'https://www.zohoapis.com' },
  eu: { accounts: 'https://accounts.zoho.eu', api: 'https://www.zohoapis.eu' },
  in: { accounts: 'https://accounts.zoho.in', api: 'https://www.zohoapis.in' },
  cn: { accounts: 'https://accounts.zoho.com.cn', api: 'https://www.zohoapis.com.cn' },
  jp: { accounts: 'https://accounts.zoho.jp', api: 'https://www.zohoapis.jp' },
  au: { accounts: 'https://accounts.zoho.com.au', api: 'https://www.zohoapis.com.au' },
  ca: { accounts: 'https://accounts.zohocloud.ca', api: 'https://www.zohoapis.ca' },
  sa: { accounts: 'https://accounts.zoho.sa', api: 'https://www.zohoapis.sa' },
};

/** Where a connection's Zoho answers; `hosts` of the settings wins, for sandboxes and test servers. */
export const zohoHostsOf = ({ dataCentre, hosts }: Pick<ZohoConnection, 'dataCentre' | 'hosts'>): ZohoHosts => {
  const { accounts, api } = hosts ?? dataCentres[dataCentre];
  return { accounts: withoutSlash(accounts), api: withoutSlash(api) };
};

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
