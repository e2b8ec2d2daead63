import {
  type ClosedLeadRecord,
  closedLeadOf,
  featureNamesOf,
  type LeadRule,
} from '../../../shared/grading/statistics/closed-lead.ts';
import type { FitInput } from './fitting.ts';

export interface LeadSettings extends LeadRule {
  /** Only these; without them whatever the method can read. */
  readonly features?: readonly string[] | undefined;
}

export interface GatheredLeads {
  /** Leads of whom something was known when they would have been scored. */
  readonly leads: readonly ClosedLeadRecord[];
  /** Closed ones of whom nothing was. */
  readonly unknown: number;
  /** Without an outcome yet. */
  readonly open: number;
  /** Alphabetical. */
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

export const gatherLeads = async ({ histories, asOf }: FitInput, settings: LeadSettings): Promise<GatheredLeads> => {
  const leads: ClosedLeadRecord[] = [];
  let [unknown, open] = [0, 0];
  for await (const history of histories()) {
    const lead = closedLeadOf(history, settings, asOf);
    if (lead === undefined) open += 1;
    else if (Object.keys(lead.known).length === 0) unknown += 1;
    else leads.push(lead);
  }
  return { leads, unknown, open, ...featureNamesOf(leads) };
};
