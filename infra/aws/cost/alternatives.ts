import type { Calls } from '../config/placement.ts';
import { hasMskServerless } from '../config/regions.ts';
import { type Assumptions, defaultAssumptions } from './assumptions.ts';
import { type Bill, billOf } from './bill-of.ts';
import { type ReferenceName, referenceNames, referenceStage } from './reference-stages.ts';
import { type SingleNode, singleNodeFor } from './single-node.ts';
import type { Volume } from './traffic.ts';

export type Way = 'single-node' | ReferenceName;

export interface Alternatives {
  readonly singleNode: SingleNode;
  readonly aws: readonly { readonly name: ReferenceName; readonly bill: Bill }[];
  /** Of those whose price is known and whole. */
  readonly cheapest: Way | undefined;
}

export interface AlternativesRequest extends Volume {
  readonly region: string;
  readonly calls: Calls;
  readonly assumptions?: Partial<Assumptions>;
}

/** Other ways to run the same volume. */
export const alternativesFor = (request: AlternativesRequest): Alternatives => {
  const { region } = request;
  const aws = referenceNames
    .filter((name) => name !== 'msk-serverless' || hasMskServerless(region))
    .map((name) => ({ name, bill: billOf({ ...request, stage: referenceStage(name, region) }) }));
  const singleNode = singleNodeFor(request, { ...defaultAssumptions, ...request.assumptions }, region);
  return { singleNode, aws, cheapest: singleNode.usd === undefined ? cheapestOf(aws) : 'single-node' };
};

/** A Kafka of somebody else's has its price, too: it is not compared. */
const cheapestOf = (aws: Alternatives['aws']): ReferenceName | undefined => {
  const whole = aws.flatMap(({ name, bill: { usd, withoutKafka } }) =>
    withoutKafka || usd === undefined ? [] : [{ name, usd }],
  );
  return whole.toSorted((a, b) => a.usd - b.usd)[0]?.name;
};
