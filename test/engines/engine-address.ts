/** Where an engine listens. `npm run test:engines` starts both and sets these. */
export const engineAddress = (name: 'KAFKA_BROKERS' | 'DYNAMODB_ENDPOINT'): string => {
  const address = process.env[name];
  if (address === undefined || address === '') throw new Error(`${name} is not set: use npm run test:engines`);
  return address;
};
