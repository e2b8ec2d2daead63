import {
  type ByteReader,
  type ByteWriter,
  corrupt,
  entryAt,
  readByte,
  readEscaped,
  readNumber,
  readSigned,
  writeByte,
  writeEscaped,
  writeNumber,
} from './packed-bytes.ts';

/** Day, hour, minute, second, millisecond: most sources keep whole seconds, many facts only a date. */
const steps = [86_400_000, 3_600_000, 60_000, 1_000, 1] as const;

const againstPrevious = 0;
const againstNearby = 1;

/**
 * A column of instants as differences, in the largest step that divides them all: each against the one before, or against the
 * instant `nearby` it (one for one), whichever takes less.
 */
export const writeInstants = (writer: ByteWriter, instants: readonly number[], nearby?: readonly number[]): void => {
  if (instants.length === 0) return;
  const previous = [instants[0] ?? 0, ...instants.slice(0, -1)];
  const fromPrevious = stepOf(instants, previous);
  const fromNearby = nearby === undefined ? undefined : stepOf(instants, nearby);
  const useNearby =
    nearby !== undefined &&
    fromNearby !== undefined &&
    sizeOf(instants, nearby, fromNearby) <= sizeOf(instants, previous, fromPrevious);
  const step = useNearby ? fromNearby : fromPrevious;
  writeByte(writer, (useNearby ? againstNearby : againstPrevious) | (step << 1));
  if (!useNearby) writeNumber(writer, instants[0] ?? 0);
  writeDifferences(writer, instants, useNearby ? nearby : previous, entryAt(steps, step));
};

const writeDifferences = (
  writer: ByteWriter,
  instants: readonly number[],
  bases: readonly number[],
  step: number,
): void => {
  for (let i = 0; i < instants.length; i += 1) {
    const instant = instants[i] ?? 0;
    const base = bases[i] ?? 0;
    const difference = (instant - base) / step;
    // the reader computes this very sum: where it would not give the instant back, the instant itself is written
    if (Number.isSafeInteger(difference) && Object.is(base + difference * step, instant))
      writeNumber(writer, difference);
    else writeEscaped(writer, instant);
  }
};

const stepOf = (instants: readonly number[], bases: readonly number[]): number => {
  let step = 0;
  for (let i = 0; i < instants.length; i += 1) {
    const difference = (instants[i] ?? 0) - (bases[i] ?? 0);
    while (step < steps.length - 1 && !Number.isInteger(difference / (steps[step] ?? 1))) step += 1;
  }
  return step;
};

const sizeOf = (instants: readonly number[], bases: readonly number[], step: number): number => {
  const divisor = steps[step] ?? 1;
  let size = 0;
  for (let i = 0; i < instants.length; i += 1) {
    let magnitude = Math.min(2 ** 56, Math.abs((instants[i] ?? 0) - (bases[i] ?? 0)) / divisor / 0x40);
    for (size += 1; magnitude >= 1; magnitude /= 0x80) size += 1;
  }
  return size;
};

export const readInstants = (reader: ByteReader, count: number, nearby?: readonly number[]): readonly number[] => {
  if (count === 0) return [];
  const head = readByte(reader);
  const step = entryAt(steps, head >>> 1);
  const useNearby = (head & 1) === againstNearby;
  if (useNearby && nearby === undefined) throw corrupt('instants without what they are near');
  let base = useNearby ? 0 : readNumber(reader);
  const instants: number[] = [];
  for (let i = 0; i < count; i += 1) {
    if (useNearby) base = nearby?.[i] ?? 0;
    const difference = readSigned(reader);
    const instant = difference === undefined ? readEscaped(reader) : base + difference * step;
    instants.push(instant);
    base = instant;
  }
  return instants;
};
