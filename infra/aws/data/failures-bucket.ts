import { Duration, type aws_kms as kms, RemovalPolicy, aws_s3 as s3 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../config/stage.ts';

/**
 * Where Lambda puts batches that it gave up, with what was in them. Not versioned: an object is written once, under a name of its own, and
 * what is to be forgotten after so many days must be gone then.
 */
export const failuresBucket = (
  scope: Construct,
  { deadDays }: Stage['retention'],
  key: kms.IKey | undefined,
): s3.IBucket => {
  const made = new s3.Bucket(scope, 'Failures', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(key === undefined
      ? { encryption: s3.BucketEncryption.S3_MANAGED }
      : { encryption: s3.BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
    lifecycleRules: [{ expiration: Duration.days(deadDays), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  made.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  acknowledge(made, {
    'AwsSolutions-S1':
      'Written by Lambda alone and read by an operator now and then; CloudTrail sees who is given access',
  });
  return s3.Bucket.fromBucketAttributes(scope, 'FailuresReference', {
    bucketArn: made.bucketArn,
    bucketName: made.bucketName,
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
};
