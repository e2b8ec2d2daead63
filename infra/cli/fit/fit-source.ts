import { existsSync } from 'node:fs';
import type { CustomerId, SubjectKind } from '../../../shared/domain/ids.ts';
import type { Instant } from '../../../shared/domain/instant.ts';
import { type Profile, profileOf } from '../../../shared/domain/profile.ts';
import type { Model } from '../../../shared/grading/model.ts';
import type { ToldAttributes } from '../../../shared/grading/statistics/closed-lead.ts';
import type { CliContext } from '../context.ts';
import { engineAsked } from '../engine-asked.ts';
import { openWorkspace } from '../open-workspace.ts';
import { type History, type HistoryOptions, readHistory } from '../read-history.ts';

/** A customer as far as it is known, with what was told of it by date. */
export interface CustomerHistory extends Profile {
  /** Oldest first; empty where only the present attributes are known. */
  readonly told: readonly ToldAttributes[];
}

/** The customers that something is fitted to. */
export interface FitSource {
  readonly kind: 'file' | 'store';
  /** Whose days count. */
  readonly timezone: string;
  /** The latest instant of a file's facts, or the business clock. */
  readonly now: Instant;
  /** Undefined where counting the customers would read them all. */
  readonly size: number | undefined;
  readonly withoutCustomer: number;
  histories(): AsyncIterable<readonly CustomerHistory[]>;
  close(): void;
}

export interface SourceOptions extends HistoryOptions {
  readonly timezone?: string;
}

/** What a file is read by where neither a model nor a workspace says it. ISO 4217 has XXX for no currency. */
const otherwise = { timezone: 'UTC', currency: 'XXX', subject: 'account' } as const;

/** The file of facts that is named, or else the store of the workspace; nothing after it was told why neither can be read. */
export const openFitSource = (
  context: CliContext,
  options: SourceOptions,
  model: Model | undefined,
): Promise<FitSource | undefined> =>
  options.facts === undefined ? openStore(context, options, model) : openFile(context, options, model);

interface Settings {
  readonly timezone: string;
  readonly currency: string;
  readonly subject: SubjectKind;
}

const openFile = async (
  context: CliContext,
  options: SourceOptions,
  model: Model | undefined,
): Promise<FitSource | undefined> => {
  const settings = model ?? (await settingsOfFile(context, options));
  if (settings === undefined) return undefined;
  const timezone = options.timezone ?? settings.timezone;
  const history = await readHistory(context, options, { ...settings, timezone });
  if (history === undefined) return undefined;
  const byCustomer = historiesIn(history);
  return {
    kind: 'file',
    timezone,
    now: history.events.at(-1)?.fact.at ?? 0,
    size: byCustomer.length,
    withoutCustomer: history.withoutCustomer,
    histories: async function* () {
      for (let from = 0; from < byCustomer.length; from += pageSize) yield byCustomer.slice(from, from + pageSize);
    },
    close: () => undefined,
  };
};

const pageSize = 500;

const settingsOfFile = async (context: CliContext, options: SourceOptions): Promise<Settings | undefined> => {
  const currency = options.currency ?? otherwise.currency;
  if (!existsSync(options.workspace)) return { ...otherwise, currency };
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return undefined;
  const { timezone, currency: own } = loaded.workspace;
  return { timezone, currency: options.currency ?? own, subject: otherwise.subject };
};

interface Gathered {
  attributes: CustomerHistory['attributes'];
  readonly facts: CustomerHistory['facts'][number][];
  readonly told: ToldAttributes[];
}

const historiesIn = ({ events }: History): readonly CustomerHistory[] => {
  const byCustomer = new Map<CustomerId, Gathered>();
  for (const { customer, fact, attributes } of events) {
    const known = byCustomer.get(customer) ?? { attributes: {}, facts: [], told: [] };
    byCustomer.set(customer, known);
    known.facts.push(fact);
    if (attributes === undefined) continue;
    known.attributes = { ...known.attributes, ...attributes };
    known.told.push({ at: fact.at, attributes });
  }
  return [...byCustomer.values()];
};

const openStore = async (
  context: CliContext,
  options: SourceOptions,
  model: Model | undefined,
): Promise<FitSource | undefined> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return undefined;
  const population = await context.openPopulation(loaded, engineAsked(context, loaded, options));
  return {
    kind: 'store',
    timezone: options.timezone ?? (model ?? loaded.workspace).timezone,
    now: population.now,
    size: population.size,
    withoutCustomer: 0,
    histories: async function* () {
      for await (const page of population.pages())
        yield page.map(({ records }) => ({ ...profileOf(records), told: [] }));
    },
    close: () => population.close(),
  };
};
