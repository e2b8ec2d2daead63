import { PipelineError } from './pipeline-error.ts';

/** A growing array of bytes. */
export interface ByteWriter {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

/** Bytes and how far they are read. Every read is checked: running out of bytes is {@link corrupt}. */
export interface ByteReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

export const byteWriter = (capacity: number): ByteWriter => {
  const bytes = new Uint8Array(Math.max(16, capacity));
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
};

export const byteReader = (bytes: Uint8Array): ByteReader => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
});

/** What was written, in an ArrayBuffer of its own: it can be handed to another thread without a copy of anything else. */
export const writtenBytes = (writer: ByteWriter): Uint8Array => writer.bytes.slice(0, writer.length);

export const corrupt = (detail: string, cause?: unknown): PipelineError =>
  new PipelineError('STORE_CORRUPT', `packed bytes cannot be read: ${detail}`, { retryable: false, cause });

export const reserve = (writer: ByteWriter, extra: number): void => {
  const needed = writer.length + extra;
  if (needed <= writer.bytes.length) return;
  const bytes = new Uint8Array(Math.max(needed, writer.bytes.length * 2));
  bytes.set(writer.bytes.subarray(0, writer.length));
  writer.bytes = bytes;
  writer.view = new DataView(bytes.buffer);
};

export const writeByte = (writer: ByteWriter, value: number): void => {
  reserve(writer, 1);
  writer.bytes[writer.length] = value;
  writer.length += 1;
};

export const writeBytes = (writer: ByteWriter, bytes: Uint8Array): void => {
  reserve(writer, bytes.length);
  writer.bytes.set(bytes, writer.length);
  writer.length += bytes.length;
};

/** A whole number from 0 to 2^53: seven bits a byte, lowest first, the top bit says that more follow. */
export const writeUnsigned = (writer: ByteWriter, value: number): void => {
  reserve(writer, 8);
  const { bytes } = writer;
  let { length } = writer;
  let rest = value;
  while (rest >= 0x80) {
    bytes[length] = (rest & 0x7f) | 0x80;
    length += 1;
    rest = rest > 0x7fff_ffff ? Math.floor(rest / 0x80) : rest >>> 7;
  }
  bytes[length] = rest;
  writer.length = length + 1;
};

/**
 * Any number. Whole ones up to ±2^53 are sign and magnitude: the first byte holds more-follows, sign and six bits. Minus
 * zero has no use among them, so its code announces eight bytes of IEEE 754 instead.
 */
export const writeNumber = (writer: ByteWriter, value: number): void => {
  const magnitude = Math.abs(value);
  const sign = value < 0 ? 0x40 : 0;
  if (!(magnitude <= 2 ** 53) || Math.floor(value) !== value || Object.is(value, -0)) writeEscaped(writer, value);
  else if (magnitude < 0x40) writeByte(writer, magnitude | sign);
  else {
    writeByte(writer, (magnitude & 0x3f) | sign | 0x80);
    writeUnsigned(writer, Math.floor(magnitude / 0x40));
  }
};

export const writeEscaped = (writer: ByteWriter, value: number): void => {
  reserve(writer, 9);
  writer.bytes[writer.length] = escapeByte;
  writer.view.setFloat64(writer.length + 1, value);
  writer.length += 9;
};

const escapeByte = 0x40;

export const readByte = (reader: ByteReader): number => {
  const byte = reader.bytes[reader.at];
  if (byte === undefined) throw corrupt('they end too early');
  reader.at += 1;
  return byte;
};

export const readUnsigned = (reader: ByteReader): number => {
  let byte = readByte(reader);
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  let place = 0x80;
  do {
    byte = readByte(reader);
    value += (byte & 0x7f) * place;
    place *= 0x80;
  } while (byte >= 0x80 && place < 2 ** 56);
  if (byte >= 0x80 || value > 2 ** 53) throw corrupt('a number is too large');
  return value;
};

/** The number, or undefined where an escaped one follows: see {@link readEscaped}. */
export const readSigned = (reader: ByteReader): number | undefined => {
  const first = readByte(reader);
  const low = first & 0x3f;
  const magnitude = first < 0x80 ? low : low + readUnsigned(reader) * 0x40;
  if ((first & 0x40) === 0) return magnitude;
  return magnitude === 0 ? undefined : -magnitude;
};

export const readEscaped = (reader: ByteReader): number => {
  if (reader.at + 8 > reader.bytes.length) throw corrupt('they end too early');
  const value = reader.view.getFloat64(reader.at);
  reader.at += 8;
  return value;
};

export const readNumber = (reader: ByteReader): number => readSigned(reader) ?? readEscaped(reader);

/** A count of things that take at least one byte each: never more than there are bytes, so that no loop outruns them. */
export const readCount = (reader: ByteReader): number => {
  const count = readUnsigned(reader);
  if (count > reader.bytes.length - reader.at) throw corrupt('a count exceeds what follows');
  return count;
};

/** The entry of a table that the bytes refer to. */
export const entryAt = <T>(table: readonly T[], index: number): T => {
  const entry = table[index];
  if (entry === undefined) throw corrupt('a reference leads nowhere');
  return entry;
};
