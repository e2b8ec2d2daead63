import type { Stream } from '../config/stream.ts';

/** The ports at which the brokers take the sign-in chosen. */
export const brokerPorts = (stream: Stream): readonly number[] => {
  switch (stream.kind) {
    case 'msk-provisioned':
    case 'msk-serverless':
      // IAM
      return [9098];
    case 'msk':
    case 'kafka':
      return [...new Set(stream.brokers.map((broker) => Number(broker.slice(broker.lastIndexOf(':') + 1))))];
  }
};
