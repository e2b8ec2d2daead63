import { aws_logs as logs } from 'aws-cdk-lib';

/** Days in the words of CDK. The stage's schema lets no others through than CloudWatch Logs has. */
export const retentionOf = (days: number): logs.RetentionDays => {
  const known = Object.values(logs.RetentionDays).find((each) => Number(each) === days);
  if (typeof known !== 'number') throw new Error(`CloudWatch Logs keeps nothing for ${days} days`);
  return known;
};
