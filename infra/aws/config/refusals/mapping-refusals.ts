import { type Refusal, refusal } from '../refusal.ts';
import { hasFailureControls } from '../regions.ts';
import type { Stage } from '../stage.ts';

/** Ways of reading the topics that cannot work. */
export const mappingRefusals = (stage: Stage): Refusal[] => [...pollerRefusals(stage), ...destinationRefusals(stage)];

const pollerRefusals = ({ mappings }: Stage): Refusal[] => {
  if (mappings.mode !== 'provisioned') return [];
  const { least, most } = mappings.pollers;
  return least <= most
    ? []
    : [
        refusal(
          ['mappings', 'pollers'],
          `at least ${least} pollers and at most ${most} leaves none`,
          `write most: ${least} or more`,
        ),
      ];
};

const destinationRefusals = ({ mappings, region }: Stage): Refusal[] =>
  mappings.mode === 'provisioned' && mappings.onFailure === 'dead-topic' && !hasFailureControls(region)
    ? [
        refusal(
          ['mappings', 'onFailure'],
          `in ${region} Lambda puts what it gave up on no topic`,
          'write onFailure: bucket, which keeps the payload as well',
        ),
      ]
    : [];
