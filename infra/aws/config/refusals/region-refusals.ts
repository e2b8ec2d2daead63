import { aMonth } from '../a-month.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { hasFunctionUrls, hasMskServerless, hasTracing, regionsReadIn } from '../regions.ts';
import type { Stage } from '../stage.ts';

/** What the region does not have. */
export const regionRefusals = ({ stream, entry, tracing, region }: Stage): Refusal[] => [
  ...(stream.kind === 'msk-serverless' && !stream.regionHasServerless && !hasMskServerless(region)
    ? [
        refusal(
          ['stream', 'kind'],
          `${region} had no MSK Serverless in ${regionsReadIn}`,
          `write kind: msk-provisioned; two of its smallest brokers are the least (each ${aMonth('kafka.t3.small', region)})`,
          'regionHasServerless: true, if it has got it since',
        ),
      ]
    : []),
  ...(entry.kind === 'function-url' && !hasFunctionUrls(region)
    ? [
        refusal(
          ['entry', 'kind'],
          `${region} had no function URLs in ${regionsReadIn}`,
          'write entry: { kind: http-api }; it is priced by the request, about $1 a million',
        ),
      ]
    : []),
  ...(tracing && !hasTracing(region)
    ? [
        refusal(
          ['tracing'],
          `X-Ray does not see functions in ${region}`,
          'write tracing: false; logs carry the ids through all stages',
        ),
      ]
    : []),
];
