import type { CliContext } from '../../infra/cli/context.ts';
import type { NodeReader } from '../../infra/cli/reader.ts';
import { secrets } from '../node/workspace/temporary-workspace.ts';

export interface Recorded {
  readonly context: CliContext;
  out: string;
  err: string;
}

/** A terminal that remembers what was written to it. What a test does not hand over, its command must not touch. */
export const fakeContext = (parts: Partial<CliContext> = {}): Recorded => {
  const untouched = (): never => {
    throw new Error('this command has no business here');
  };
  const recorded: Recorded = {
    out: '',
    err: '',
    context: {
      out: (text) => void (recorded.out += text),
      err: (text) => void (recorded.err += text),
      language: 'en',
      environment: secrets,
      project: '/no/checkout',
      isTerminal: false,
      openReader: untouched,
      openPopulation: untouched,
      openDeadDesk: untouched,
      openPublishing: untouched,
      openEventDesk: untouched,
      startNode: untouched,
      startWorker: untouched,
      setUp: untouched,
      makeTopics: untouched,
      checkUp: untouched,
      openSecrets: untouched,
      runDemo: untouched,
      readInput: untouched,
      sleep: async () => undefined,
      stopRequested: untouched,
      ...parts,
    },
  };
  return recorded;
};

/** A reader over values; counts how often it was closed. */
export const fakeReader = (parts: Partial<NodeReader>): NodeReader & { readonly closed: () => number } => {
  const absent = (): never => {
    throw new Error('this command has no business here');
  };
  let closed = 0;
  return {
    findCustomers: absent,
    readCustomer: absent,
    readLedger: absent,
    readDeliveries: absent,
    readStatus: absent,
    readModels: absent,
    listCustomers: absent,
    verify: absent,
    listCohorts: absent,
    auditCohort: absent,
    ...parts,
    close: () => void (closed += 1),
    closed: () => closed,
  };
};
