import { type ByteReader, type ByteWriter, corrupt, reserve } from './packed-bytes.ts';

const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
const keyLength = 10;
const keyBytes = 6;
/** 36^5: two halves of five digits are exact in integer arithmetic. */
const half = 60_466_176;

const digitOf = (code: number): number =>
  code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 122 ? code - 87 : -1;

/** The 48-bit number that a hashed key spells in ten digits of base 36; undefined for every other key. */
export const hashOfKey = (key: string): number | undefined => {
  if (key.length !== keyLength) return undefined;
  let high = 0;
  let low = 0;
  for (let i = 0; i < keyLength; i += 1) {
    const digit = digitOf(key.charCodeAt(i));
    if (digit < 0) return undefined;
    if (i < keyLength / 2) high = high * 36 + digit;
    else low = low * 36 + digit;
  }
  const hash = high * half + low;
  return hash < 2 ** 48 ? hash : undefined;
};

/** Six bytes, highest first. */
export const writeHash = (writer: ByteWriter, hash: number): void => {
  reserve(writer, keyBytes);
  writer.view.setUint16(writer.length, Math.floor(hash / 2 ** 32));
  writer.view.setUint32(writer.length + 2, hash % 2 ** 32);
  writer.length += keyBytes;
};

const checkRoom = (reader: ByteReader, count: number): void => {
  if (count * keyBytes > reader.bytes.length - reader.at) throw corrupt('they end too early');
};

export const skipHashedKeys = (reader: ByteReader, count: number): void => {
  checkRoom(reader, count);
  reader.at += count * keyBytes;
};

const decoder = new TextDecoder('latin1');

/** Many at once: the digits of all keys become one text, from which the keys are cut. */
export const readHashedKeys = (reader: ByteReader, count: number): readonly string[] => {
  checkRoom(reader, count);
  const spelled = new Uint8Array(count * keyLength);
  for (let i = 0; i < count; i += 1) {
    const hash = reader.view.getUint16(reader.at) * 2 ** 32 + reader.view.getUint32(reader.at + 2);
    const high = Math.floor(hash / half);
    spellHalf(spelled, i * keyLength, high);
    spellHalf(spelled, i * keyLength + keyLength / 2, hash - high * half);
    reader.at += keyBytes;
  }
  const text = decoder.decode(spelled);
  const keys: string[] = [];
  for (let at = 0; at < text.length; at += keyLength) keys.push(text.substring(at, at + keyLength));
  return keys;
};

/** All pairs of digits, "00" to "zz", as character codes: half the divisions. */
const pairCodes = Uint8Array.from({ length: 2 * digits.length ** 2 }, (_, i) =>
  digits.charCodeAt(i % 2 === 0 ? Math.floor(i / 2 / digits.length) : Math.floor(i / 2) % digits.length),
);

const spellHalf = (spelled: Uint8Array, at: number, value: number): void => {
  const left = (value / 1_296) | 0;
  const first = (left / 1_296) | 0;
  spelled[at] = pairCodes[first * 2 + 1] ?? 0;
  spellPair(spelled, at + 1, left - first * 1_296);
  spellPair(spelled, at + 3, value - left * 1_296);
};

const spellPair = (spelled: Uint8Array, at: number, pair: number): void => {
  spelled[at] = pairCodes[pair * 2] ?? 0;
  spelled[at + 1] = pairCodes[pair * 2 + 1] ?? 0;
};
