import type { CustomerId } from '../../../shared/domain/ids.ts';
import type { LedgerFault, LedgerProof } from '../../../shared/domain/ledger.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { printTable } from '../print-table.ts';
import { noProgress, type Progress, progressBar } from '../progress.ts';
import type { NodeReader } from '../reader.ts';
import { resolveCustomer } from '../resolve-customer.ts';
import { withReader } from '../with-reader.ts';

export interface VerifyOptions extends GlobalOptions {
  /** One customer; without it all. */
  readonly customer?: string;
  readonly json: boolean;
}

interface Verified {
  readonly customers: number;
  readonly entries: number;
  /** Chained, not decided again: their person was erased. */
  readonly erased: number;
  /** Chained, not decided again: the version of the model that decided them is not at hand. */
  readonly undecided: number;
  readonly faults: readonly (LedgerFault & { readonly customer: CustomerId })[];
}

const nothingYet: Verified = { customers: 0, entries: 0, erased: 0, undecided: 0, faults: [] };
const pageSize = 500;
/** Customers looked at side by side: a store across a network answers as fast as it is asked. */
const width = 16;

/** Checks ledgers from their first entry to the head and decides every grade in them again. Any fault is exit code 1. */
export const verify = (context: CliContext, options: VerifyOptions): Promise<ExitCode> =>
  withReader(context, options, async (reader) => {
    const verified = await verifyAsked(context, reader, options.customer);
    if (verified === undefined) return 1;
    context.out(options.json ? `${JSON.stringify(verified, null, 2)}\n` : report(verified, context));
    return verified.faults.length === 0 ? 0 : 1;
  });

const verifyAsked = async (
  context: CliContext,
  reader: NodeReader,
  asked: string | undefined,
): Promise<Verified | undefined> => {
  if (asked === undefined) return verifyAll(context, reader);
  const customer = await resolveCustomer(context, reader, asked);
  return customer === undefined ? undefined : add(nothingYet, customer, await reader.verify(customer));
};

const verifyAll = async (context: CliContext, reader: NodeReader): Promise<Verified> => {
  const progress = await progressOf(context, reader);
  let verified = nothingYet;
  let after: string | undefined;
  do {
    const page = await reader.listCustomers(after, pageSize);
    for (let from = 0; from < page.customers.length; from += width) {
      const some = page.customers.slice(from, from + width);
      const proofs = await Promise.all(
        some.map(async (customer) => ({ customer, proof: await reader.verify(customer) })),
      );
      for (const { customer, proof } of proofs) verified = add(verified, customer, proof);
      progress.add(some.length);
    }
    after = page.next;
  } while (after !== undefined);
  progress.stop();
  return verified;
};

/** A bar on stderr where somebody watches and the end is known, nothing in a script. */
const progressOf = async (context: CliContext, reader: NodeReader): Promise<Progress> => {
  if (!context.isTerminal) return noProgress;
  const { customers } = await reader.readStatus();
  return customers === undefined ? noProgress : progressBar(customers);
};

const add = (sum: Verified, customer: CustomerId, { entries, erased, undecided, faults }: LedgerProof): Verified => ({
  customers: sum.customers + 1,
  entries: sum.entries + entries,
  erased: sum.erased + erased,
  undecided: sum.undecided + undecided,
  faults: faults.length === 0 ? sum.faults : [...sum.faults, ...faults.map((fault) => ({ customer, ...fault }))],
});

const report = ({ customers, entries, erased, undecided, faults }: Verified, { language }: CliContext): string => {
  const text = texts[language];
  const counted = `${text.counted(customers, entries, erased)}${undecided === 0 ? '' : text.undecided(undecided)}`;
  if (faults.length === 0) return `${counted}${text.proven}`;
  const rows = faults.map(({ customer, seq, fault }) => [customer, String(seq), text.faults[fault]]);
  const columns = [{ title: text.customer }, { title: text.entry, align: 'right' as const }, { title: text.fault }];
  return `${counted}${text.found(faults.length)}${printTable(columns, rows)}`;
};

const texts = {
  en: {
    counted: (customers: number, entries: number, erased: number) =>
      `Checked ${entries} ledger ${entries === 1 ? 'entry' : 'entries'} of ${customers} customer${customers === 1 ? '' : 's'}` +
      `${erased === 0 ? '' : ` (${erased} erased: chained, not decided again)`}.\n`,
    undecided: (count: number) =>
      `${count} of them ${count === 1 ? 'is' : 'are'} by a version of the model that is not at hand: chained, not decided again.\n`,
    proven: 'Every chain is whole, and every grade is what score and cut-offs say.\n',
    found: (count: number) => `${count} fault${count === 1 ? '' : 's'}:\n`,
    customer: 'Customer',
    entry: 'Entry',
    fault: 'Fault',
    faults: {
      missing: 'an entry is missing before this one',
      'broken-chain': 'does not continue the chain',
      'altered-body': 'the text is not the one that was chained',
      'wrong-grade': 'the grade does not follow from score and cut-offs',
      'wrong-head': 'the chain does not end where the customer says',
    } satisfies Record<LedgerFault['fault'], string>,
  },
  zh: {
    counted: (customers: number, entries: number, erased: number) =>
      `已核对 ${customers} 个客户的 ${entries} 条台账记录${erased === 0 ? '' : `（其中 ${erased} 条已抹除：仍在链上，不再复算）`}。\n`,
    undecided: (count: number) => `其中 ${count} 条出自现已不在的模型版本：仍在链上，不再复算。\n`,
    proven: '所有链条完整，每个等级都与得分和分界相符。\n',
    found: (count: number) => `发现 ${count} 处错误：\n`,
    customer: '客户',
    entry: '条目',
    fault: '错误',
    faults: {
      missing: '此条之前缺少记录',
      'broken-chain': '与前一条不相连',
      'altered-body': '内容与入链时不一致',
      'wrong-grade': '等级与得分和分界不符',
      'wrong-head': '链尾与客户状态不一致',
    } satisfies Record<LedgerFault['fault'], string>,
  },
} as const;
