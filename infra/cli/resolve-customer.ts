import type { CustomerId } from '../../shared/domain/ids.ts';
import type { CliContext } from './context.ts';
import { printable } from './print-table.ts';
import type { NodeReader } from './reader.ts';

const shown = 10;

/** The one customer a person means, by full id or by a piece of id or name. Otherwise says whom it could be. */
export const resolveCustomer = async (
  context: CliContext,
  reader: NodeReader,
  text: string,
): Promise<CustomerId | undefined> => {
  const found = await reader.findCustomers(text, shown + 1);
  const exact = found.find(({ customer }) => customer === text);
  const one = exact ?? (found.length === 1 ? found[0] : undefined);
  if (one !== undefined) return one.customer;
  const says = texts[context.language];
  if (found.length === 0) {
    context.err(says.nobody(printable(text)));
    return undefined;
  }
  const lines = found
    .slice(0, shown)
    .map(({ customer, name }) => `  ${printable(`${customer}  ${name ?? ''}`).trimEnd()}\n`);
  context.err(`${says.several(printable(text))}${lines.join('')}${found.length > shown ? '  …\n' : ''}`);
  return undefined;
};

const texts = {
  en: {
    nobody: (text: string) => `No customer's id ends with "${text}", and no name contains it.\n`,
    several: (text: string) => `"${text}" fits several customers; write more of one:\n`,
  },
  zh: {
    nobody: (text: string) => `没有 id 以“${text}”结尾或名称包含它的客户。\n`,
    several: (text: string) => `“${text}”对应多个客户，请写得更具体：\n`,
  },
} as const;
