import { hasFailureControls } from '../config/regions.ts';
import type { Stage } from '../config/stage.ts';

/** Whether Lambda takes a function's answer about single records of a batch, and limits how often they come again. */
export const takesAnswers = ({ mappings, region }: Pick<Stage, 'mappings' | 'region'>): boolean =>
  mappings.mode === 'provisioned' && hasFailureControls(region);
