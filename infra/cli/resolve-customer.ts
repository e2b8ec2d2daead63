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
  const { found, complete } = await reader.findCustomers(text, shown + 1);
  const exact = found.find(({ customer }) => customer === text);
  // the one that was found is the one that is meant only where all were looked through
  const one = exact ?? (complete && found.length === 1 ? found[0] : undefined);
  if (one !== undefined) return one.customer;
  const says = texts[context.language];
  if (found.length === 0) {
    context.err(complete ? says.nobody(printable(text)) : says.tooMany(printable(text)));
    return undefined;
  }
  const lines = found
    .slice(0, shown)
    .map(({ customer, name }) => `  ${printable(`${customer}  ${name ?? ''}`).trimEnd()}\n`);
  const heading = complete ? says.several(printable(text)) : says.some(printable(text));
  context.err(`${heading}${lines.join('')}${found.length > shown ? '  …\n' : ''}`);
  return undefined;
};

const texts = {
  en: {
    nobody: (text: string) => `No customer's id ends with "${text}", and no name contains it.\n`,
    several: (text: string) => `"${text}" fits several customers; write more of one:\n`,
    tooMany: (text: string) => `There are too many customers to look through all for "${text}": write the full id.\n`,
    some: (text: string) =>
      `There are too many customers to look through all; "${text}" fits these among others, perhaps. Write the full id:\n`,
  },
  zh: {
    nobody: (text: string) => `没有 id 以“${text}”结尾或名称包含它的客户。\n`,
    several: (text: string) => `“${text}”对应多个客户，请写得更具体：\n`,
    tooMany: (text: string) => `客户太多，无法逐一查找“${text}”：请写完整 id。\n`,
    some: (text: string) => `客户太多，无法逐一查找；“${text}”至少对应以下客户，请写完整 id：\n`,
  },
} as const;
