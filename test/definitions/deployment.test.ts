import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Deployment, EngineEnvironment, engineIn } from '#shared/definitions/deployment.ts';
import { Engine, type KafkaDynamoDbEngine } from '#shared/definitions/engine.ts';
import { functions } from '#shared/definitions/functions.ts';

const engine = Engine.parse({
  type: 'kafka-dynamodb',
  kafka: { brokers: ['a:9092'], prefix: 'eu.' },
  dynamodb: { table: 'customers', region: 'eu-central-1' },
}) as KafkaDynamoDbEngine;

describe('engineIn', () => {
  it('takes what the environment says before what the workspace says', () => {
    const environment = EngineEnvironment.parse({
      KAFKA_BROKERS: 'b-1:9098, b-2:9098',
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      DYNAMODB_TABLE: 'other',
      PATH: '/bin',
    });
    expect(engineIn(engine, environment)).toEqual({
      ...engine,
      kafka: { ...engine.kafka, brokers: ['b-1:9098', 'b-2:9098'] },
      dynamodb: { table: 'other', region: 'eu-central-1', endpoint: 'http://127.0.0.1:8000' },
    });
  });

  it('is the workspace where the environment is silent', () => {
    expect(engineIn(engine, EngineEnvironment.parse({}))).toEqual(engine);
  });
});

describe('Deployment', () => {
  it.each([
    [{}, 'REGRADE_WORKSPACE'],
    [{ REGRADE_WORKSPACE: 'w.json', KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS'],
    [{ REGRADE_WORKSPACE: 'w.json', KAFKA_BROKERS: '' }, 'KAFKA_BROKERS'],
    [{ REGRADE_WORKSPACE: 'w.json', DYNAMODB_ENDPOINT: 'localhost' }, 'DYNAMODB_ENDPOINT'],
    [{ REGRADE_WORKSPACE: 'w.json', DYNAMODB_TABLE: 'a b' }, 'DYNAMODB_TABLE'],
    [{ REGRADE_WORKSPACE: 'w.json', LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  ])('refuses %j and names %s', (environment, variable) => {
    const parsed = Deployment.safeParse(environment);
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([variable]);
  });
});

describe('functions', () => {
  it.each(Object.keys(functions))('%s has a handler', (name) => {
    expect(existsSync(`functions/${name}/handler.ts`)).toBe(true);
  });
});
