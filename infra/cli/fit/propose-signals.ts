import type { Json } from '../../../shared/domain/json.ts';
import type { Model } from '../../../shared/grading/model.ts';
import type { FittedModel } from '../../../shared/grading/statistics/fitted-params.ts';
import type { YamlEdit } from './edit-yaml.ts';

export interface ProposedSignal {
  readonly title: { readonly zh: string; readonly en: string };
  readonly from: { readonly model: FittedModel; readonly params: Json; readonly [setting: string]: Json };
}

/** Signals by the names they would have in a model. */
export type ProposedSignals = Readonly<Record<string, ProposedSignal>>;

export const proposalOf = (signals: ProposedSignals): Json => ({
  signals: Object.fromEntries(
    Object.entries(signals).map(([id, { title, from }]) => [id, { title: { ...title }, from }]),
  ),
});

/** New parameters for the signals of a model that are fitted the same way; where it has none, the signals as proposed. */
export const signalEdits =
  (proposed: ProposedSignals) =>
  ({ signals }: Model): readonly YamlEdit[] => {
    const known = Object.entries(signals).flatMap(([id, { from }]): YamlEdit[] => {
      const same = 'model' in from ? Object.values(proposed).find((each) => each.from.model === from.model) : undefined;
      return same === undefined ? [] : [{ path: ['signals', id, 'from', 'params'], value: same.from.params }];
    });
    if (known.length > 0) return known;
    return Object.entries(proposed).map(([id, { title, from }]) => ({
      path: ['signals', freeName(id, signals)],
      value: { title: { ...title }, from },
    }));
  };

const freeName = (id: string, taken: Model['signals'], suffix = ''): string =>
  Object.hasOwn(taken, `${id}${suffix}`) ? freeName(id, taken, `Fitted${suffix}`) : `${id}${suffix}`;
