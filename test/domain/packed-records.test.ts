import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handedKey } from '#shared/domain/handed-records.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { packRecords } from '#shared/domain/packed-records.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { type RecordState, type Records, shortKey } from '#shared/domain/profile.ts';
import { unpackRecords } from '#shared/domain/unpacked-records.ts';

const plain = { noNullPrototype: true } as const;

const wholeNumbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    2 ** 53,
    -(2 ** 53),
    Number.MIN_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER,
    63,
    64,
    -64,
    8_191,
    8_192,
  ),
);
const anyInstant = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(-0, 0, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1_000),
  fc.integer({ min: 0, max: 30_000 }).map((days) => days * 86_400_000),
);
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('客户', '\uFEFFmarked', '\uD83D', 'half \uDE00 a pair', '__proto__', ''),
);
const anyScalar = fc.oneof(
  anyText,
  fc.boolean(),
  wholeNumbers,
  fc.double(),
  fc.constantFrom(0.1, -0, Number.NaN, 1e300, 251, 252),
);
const anyFields = fc
  .array(fc.tuple(anyText, anyScalar), { maxLength: 5 })
  .map((entries) => Object.fromEntries(entries) as Record<string, string | number | boolean>);
const anyFact = fc.record(
  {
    type: fc.constantFrom('invoice.paid', 'deal.won', 'survey.answered'),
    at: anyInstant,
    amount: fc.record(
      {
        units: wholeNumbers,
        scale: fc.integer({ min: 0, max: 6 }),
        currency: fc.constantFrom('CNY', 'EUR', 'USD'),
      },
      plain,
    ),
    fields: anyFields,
  },
  { requiredKeys: ['type', 'at'], noNullPrototype: true },
);
const anyMoney = fc.record(
  { units: wholeNumbers, scale: fc.integer({ min: 0, max: 6 }), currency: fc.constantFrom('CNY', 'EUR', 'JPY') },
  plain,
);
const anyRateSide = fc.oneof(
  fc.constantFrom(1, 1.0956, 0.83333, 16_500.25, 0.000001, 123_456_789.012345, 2 ** 53, 1e300, 5e-324, 1 / 3),
  fc.integer({ min: 1, max: 10 ** 9 }).map((units) => units / 10_000),
);
const anyConverted = fc
  .tuple(
    anyFact,
    fc.record(
      {
        amount: anyMoney,
        converted: fc.record(
          {
            told: anyMoney,
            rate: fc.record({ numerator: anyRateSide, denominator: anyRateSide }, plain),
            rateDate: fc
              .integer({ min: Date.parse('0001-01-01') / 86_400_000, max: Date.parse('9999-12-31') / 86_400_000 })
              .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10)),
          },
          plain,
        ),
      },
      plain,
    ),
  )
  .map(([fact, amounts]) => ({ ...fact, ...amounts }));
const anyRecord: fc.Arbitrary<RecordState> = fc.record(
  {
    from: fc.constantFrom(CustomerId.parse('lead:zoho-eu:1'), CustomerId.parse('account:zoho-eu:客户')),
    version: fc.record(
      { assignment: fc.oneof(fc.nat(3), fc.maxSafeNat()), source: anyInstant, read: anyInstant },
      plain,
    ),
    retracted: fc.boolean(),
    attributes: anyFields,
    facts: fc.array(fc.oneof({ arbitrary: anyFact, weight: 3 }, { arbitrary: anyConverted, weight: 1 }), {
      maxLength: 4,
    }),
  },
  { ...plain, requiredKeys: ['version', 'retracted', 'attributes', 'facts'] },
);
// ten digits of base 36: the smallest and largest that six bytes hold, and what only looks like one of them
const edgeKeys = fc.constantFrom('0000000000', '2rrvthnxtr', '2rrvthnxts', 'zzzzzzzzzz', '000000000A');
const anyKey = fc.oneof(
  edgeKeys,
  fc.string({ maxLength: 8 }),
  fc.string().map((text) => shortKey(`zoho-eu/${text}`)),
  anyText,
);
const anyRecords: fc.Arbitrary<Records> = fc
  .array(fc.tuple(anyKey, anyRecord), { maxLength: 12 })
  .map((entries) => new Map(entries.map(([key, record]) => [keyOf(key, record), record])));
const keyOf = (key: string, { from }: RecordState): string => (from === undefined ? key : handedKey(key, from));

const minute = 60_000;
const day = 86_400_000;

/** A year of a customer's invoices, as a CRM with one-second clocks tells them. */
const invoices = (count: number): Records => {
  const start = Date.UTC(2025, 0, 1);
  const entries = Array.from({ length: count }, (_, i): [string, RecordState] => {
    const at = start + i * 3 * day;
    const source = at + ((i * 7_919) % 1_440) * minute;
    const amount = { units: ((i * 104_729) % 1_000_000) + 1, scale: 2, currency: 'CNY' };
    return [
      shortKey(`zoho-eu/Invoices/55402300000052${i}`),
      {
        version: { assignment: 1, source, read: source + ((i * 37) % 5_000) },
        retracted: false,
        attributes: {},
        facts: [{ type: 'invoice.paid', at, amount }],
      },
    ];
  });
  return new Map(entries);
};

/** Two invoices in format 1. Stored customers look like this: it may not change. */
const storedBytes =
  '01020c03000f696e766f6963652e70616964434e590001000a000120020000b148d00376ac0dc1d103783f0480f0cbf2836500af4e0900250080f0cbf283650003019ae40c';

/** The invoices, told in dollars. */
const converted = (count: number): Records =>
  new Map(
    [...invoices(count)].map(([key, record], i) => {
      const [fact] = record.facts;
      const told = { units: 14_000 + i * 7_919, scale: 2, currency: 'USD' };
      const rate = { numerator: (78_264 + i) / 10_000, denominator: (10_956 + i) / 10_000 };
      const rateDate = new Date(fact!.at - (i % 3) * day).toISOString().slice(0, 10);
      return [key, { ...record, facts: [{ ...fact!, converted: { told, rate, rateDate } }] }];
    }),
  );

const unpackOrRefuse = (bytes: Uint8Array): 'read' | 'refused' => {
  try {
    unpackRecords(bytes);
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(PipelineError);
    expect(error).toMatchObject({ code: 'STORE_CORRUPT', retryable: false });
    return 'refused';
  }
};

describe('packRecords', () => {
  it('gives back every record exactly, in the order it had', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const unpacked = unpackRecords(packRecords(records));
        expect(unpacked).toStrictEqual(records);
        expect([...unpacked.keys()]).toEqual([...records.keys()]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('gives back the records of a large customer', () => {
    const records = invoices(5_000);
    expect(unpackRecords(packRecords(records))).toStrictEqual(records);
  });

  it('takes at most 17 bytes for a record of one invoice', () => {
    expect(packRecords(invoices(100)).length).toBeLessThanOrEqual(1_700);
  });

  it('takes at most 11 bytes more for an amount that was converted', () => {
    const [plainSize, size] = [invoices(100), converted(100)].map((records) => packRecords(records).length);
    expect(size! - plainSize!).toBeLessThanOrEqual(1_100);
  });

  it('writes the format of earlier releases while nothing is converted', () => {
    expect(packRecords(invoices(3))[0]).toBe(1);
    expect(packRecords(converted(3))[0]).toBe(2);
  });

  it('writes who handed records over only where somebody did, once for all of them', () => {
    const from = CustomerId.parse('lead:zoho-eu:554023000000527003');
    const handed = new Map([...invoices(100)].map(([key, record]) => [handedKey(key, from), { ...record, from }]));
    const packed = packRecords(handed);
    expect(unpackRecords(packed)).toStrictEqual(handed);
    expect(packed[0]).toBe(3);
    expect(packed.length).toBeLessThanOrEqual(1_700 + 100 + from.length + 2);
  });

  it('returns bytes that own their memory, so that a thread can take them over', () => {
    const packed = packRecords(invoices(3));
    expect(packed.buffer.byteLength).toBe(packed.length);
  });

  it('reads bytes that lie in the middle of a larger buffer', () => {
    const records = invoices(3);
    const packed = packRecords(records);
    const around = new Uint8Array(packed.length + 7).fill(0xee);
    around.set(packed, 3);
    expect(unpackRecords(around.subarray(3, 3 + packed.length))).toStrictEqual(records);
  });
});

describe('unpackRecords', () => {
  it('reads what an earlier release has stored', () => {
    expect(unpackRecords(Buffer.from(storedBytes, 'hex'))).toStrictEqual(invoices(2));
    expect(Buffer.from(packRecords(invoices(2))).toString('hex')).toBe(storedBytes);
  });

  it('refuses a format it does not know', () => {
    const packed = packRecords(invoices(1));
    packed[0] = 5;
    expect(unpackOrRefuse(packed)).toBe('refused');
    packed[0] = 0;
    expect(unpackOrRefuse(packed)).toBe('refused');
  });

  it('refuses bytes that end too early, wherever that is', () => {
    for (const packed of [packRecords(invoices(5)), packRecords(converted(5))])
      for (let length = 0; length < packed.length; length += 1)
        expect(unpackOrRefuse(packed.subarray(0, length))).toBe('refused');
  });

  it('refuses bytes after the last record', () => {
    expect(unpackOrRefuse(Uint8Array.from([...packRecords(invoices(2)), 0]))).toBe('refused');
  });

  it('ends on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 400 }), (format, bytes) => {
        unpackOrRefuse(Uint8Array.from([format, ...bytes]));
      }),
      { seed: 2, numRuns: 2_000 },
    );
  });

  it('ends on packed bytes of which some were altered', () => {
    fc.assert(
      fc.property(
        anyRecords,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        (records, edits) => {
          const packed = packRecords(records);
          for (const [at, byte] of edits) packed[1 + (at % (packed.length - 1))] = byte;
          unpackOrRefuse(packed);
        },
      ),
      { seed: 3, numRuns: 1_000 },
    );
  });

  it('does not make room for what forged counts claim together', () => {
    const records = 20_000;
    const count = [0xa0, 0x9c, 0x01];
    // no texts (count, encoding, size), no lists, no shapes of facts; one shape of records: a key as text, many facts
    const tables = [1, 0, 0, 0, 0, 0, 1, 18, ...count, ...Array<number>(records).fill(0)];
    // each count alone is less than what follows, all together are 400 million facts
    const claims = Array.from({ length: records }, () => count).flat();
    expect(unpackOrRefuse(Uint8Array.from([...tables, ...claims, ...Array<number>(3 * records).fill(0)]))).toBe(
      'refused',
    );
  });
});
