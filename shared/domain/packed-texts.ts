import {
  type ByteReader,
  type ByteWriter,
  corrupt,
  readByte,
  readCount,
  readUnsigned,
  writeByte,
  writeBytes,
  writeUnsigned,
} from './packed-bytes.ts';

/** Every text once; what is packed refers to it by its place. */
export interface TextTable {
  readonly places: Map<string, number>;
}

export const textTable = (): TextTable => ({ places: new Map() });

export const placeOf = ({ places }: TextTable, text: string): number => {
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, places.size);
  return places.size - 1;
};

const utf8 = 0;
const utf16 = 1;
// under the u flag this finds only halves that stand alone: UTF-8 cannot say those
const loneSurrogate = /\p{Surrogate}/u;

/** Count, lengths in UTF-16 units, encoding, size in bytes, and all texts in one run: one call decodes them together. */
export const writeTexts = (writer: ByteWriter, { places }: TextTable): void => {
  writeUnsigned(writer, places.size);
  let joined = '';
  for (const text of places.keys()) {
    writeUnsigned(writer, text.length);
    joined += text;
  }
  const encoded = loneSurrogate.test(joined) ? codeUnitsOf(joined) : undefined;
  writeByte(writer, encoded === undefined ? utf8 : utf16);
  const bytes = encoded ?? new TextEncoder().encode(joined);
  writeUnsigned(writer, bytes.length);
  writeBytes(writer, bytes);
};

export const readTexts = (reader: ByteReader): readonly string[] => {
  const count = readCount(reader);
  const lengths: number[] = [];
  for (let i = 0; i < count; i += 1) lengths.push(readUnsigned(reader));
  const joined = readJoined(reader);
  const texts: string[] = [];
  let at = 0;
  for (const length of lengths) {
    texts.push(joined.substring(at, at + length));
    at += length;
  }
  if (at !== joined.length) throw corrupt('texts and their lengths disagree');
  return texts;
};

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const readJoined = (reader: ByteReader): string => {
  const encoding = readByte(reader);
  const size = readCount(reader);
  const bytes = reader.bytes.subarray(reader.at, reader.at + size);
  reader.at += size;
  if (encoding === utf16) return textOfCodeUnits(bytes);
  if (encoding !== utf8) throw corrupt('the encoding of texts is unknown');
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw corrupt('a text is no UTF-8', cause);
  }
};

const codeUnitsOf = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit >>> 8;
    bytes[2 * i + 1] = unit & 0xff;
  }
  return bytes;
};

const textOfCodeUnits = (bytes: Uint8Array): string => {
  if (bytes.length % 2 !== 0) throw corrupt('half a code unit');
  const units: string[] = [];
  for (let i = 0; i < bytes.length; i += 2)
    units.push(String.fromCharCode(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)));
  return units.join('');
};
