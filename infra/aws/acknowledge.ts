import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings that are meant to be, by rule, each with its reason. They hold for everything inside of the construct. */
export const acknowledge = (construct: IConstruct, reasons: Readonly<Record<string, string>>): void => {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
};
