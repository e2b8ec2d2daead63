import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmWords } from '#shared/adapters/lambda/alarm-event.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { cloudWatchAlarm, snsEvent } from '../../lambda/sns-event.ts';

const at = Date.UTC(2026, 2, 1, 9, 30);

describe('alarmWords', () => {
  it('reads what CloudWatch tells of an alarm by way of SNS', () => {
    expect(alarmWords(snsEvent(cloudWatchAlarm()))).toEqual([
      {
        ...{ message: 'm-1', name: 'regrade-prod-spilled', state: 'on', at },
        says: ['The stream did not answer in time. infra/aws/runbook.md#spilled', 'Threshold Crossed: 1 datapoint.'],
      },
    ]);
  });

  it('tells an alarm that is over from one of which nothing is known', () => {
    const stateOf = (NewStateValue: string) => alarmWords(snsEvent(cloudWatchAlarm({ NewStateValue })))[0]?.state;
    expect(['ALARM', 'OK', 'INSUFFICIENT_DATA'].map(stateOf)).toEqual(['on', 'over', 'other']);
  });

  it.each(['a text', '[]', '{"AlarmName":1}', '{'])('takes what somebody else put there as it is (%s)', (text) => {
    expect(alarmWords(snsEvent(text))).toEqual([{ message: 'm-1', name: 'Subject', state: 'other', says: [text], at }]);
  });

  it.each([null, {}, { Records: [] }, { Records: [{ Sns: {} }] }, [], 'x'])('refuses a call of others: %j', (event) => {
    expect(() => alarmWords(event)).toThrow('only a topic of SNS');
  });

  it('throws nothing but that, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.jsonValue().map((value) => snsEvent(JSON.stringify(value))),
        ),
        (event) => {
          try {
            alarmWords(event);
          } catch (error) {
            expect(error).toBeInstanceOf(PipelineError);
          }
        },
      ),
    );
  });
});
