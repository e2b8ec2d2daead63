import * as z from 'zod';
import { LedgerBody, type LedgerEntry } from '../../../domain/ledger.ts';
import { keyOf } from '../table/keys.ts';
import { withPrefix } from '../table/read-partition.ts';
import type { Item, Table } from '../table/requests.ts';
import { deflateJson, inflateJson, readItem, storedBytes, storedNumber } from '../table/stored-attributes.ts';

const hex = storedBytes.transform((bytes) => Buffer.from(bytes).toString('hex'));
const LinkItem = z.object({ seq: storedNumber, previous: hex, digest: hex, hash: hex });
const BodyItem = z.object({ hash: hex, body: storedBytes.transform((bytes) => inflateJson(LedgerBody, bytes)) });

export const linkPrefix = 'LEDGER#';
export const bodyPrefix = 'BODY#';

/**
 * Two items an entry: the link, which stays, and the body, which goes when the person is erased. Two attempts may write the
 * same entry; each has items of its own, so that the one that loses can take its own away.
 */
export const itemsOfEntry = (partition: string, attempt: string, entry: LedgerEntry): readonly Item[] => {
  const { seq, previous, digest, hash, body } = entry;
  const sortKey = `${String(seq).padStart(16, '0')}#${attempt}`;
  const bytes = (text: string) => ({ B: Buffer.from(text, 'hex') });
  const link = {
    ...keyOf(partition, `${linkPrefix}${sortKey}`),
    seq: { N: String(seq) },
    previous: bytes(previous),
    digest: bytes(digest),
    hash: bytes(hash),
  };
  if (body === undefined) return [link];
  return [link, { ...keyOf(partition, `${bodyPrefix}${sortKey}`), hash: bytes(hash), body: { B: deflateJson(body) } }];
};

/** The entries that `head` reaches, oldest first. Others were left by writers that lost. */
export const readEntries = async (store: Table, partition: string, head: string): Promise<readonly LedgerEntry[]> => {
  const links = (await withPrefix(store, partition, linkPrefix)).map((item) =>
    readItem('ledger entry', LinkItem, item),
  );
  const bodies = (await withPrefix(store, partition, bodyPrefix)).map((item) =>
    readItem('ledger body', BodyItem, item),
  );
  const bodyByHash = new Map(bodies.map(({ hash, body }) => [hash, body]));
  return chainTo(head, links).map((link) => ({ ...link, body: bodyByHash.get(link.hash) }));
};

/** The links that `head` reaches, oldest first. */
export const chainTo = <L extends { readonly hash: string; readonly previous: string }>(
  head: string,
  links: readonly L[],
): readonly L[] => {
  const linkByHash = new Map(links.map((link) => [link.hash, link]));
  const reached: L[] = [];
  for (let link = linkByHash.get(head); link !== undefined; link = linkByHash.get(link.previous)) {
    // each link is reached once, whatever the stored chain says
    linkByHash.delete(link.hash);
    reached.push(link);
  }
  return reached.reverse();
};
