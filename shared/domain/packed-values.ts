import type { Scalar } from './fact.ts';
import {
  type ByteReader,
  type ByteWriter,
  corrupt,
  entryAt,
  readByte,
  readNumber,
  readUnsigned,
  writeByte,
  writeNumber,
  writeUnsigned,
} from './packed-bytes.ts';
import { placeOf, type TextTable } from './packed-texts.ts';

/** The first byte of a value says what it is; from {@link kinds.small} on it is a whole number of its own. */
const kinds = { false: 0, true: 1, number: 2, text: 3, small: 4 } as const;

const writeScalar = (writer: ByteWriter, texts: TextTable, value: Scalar): void => {
  if (typeof value === 'boolean') writeByte(writer, value ? kinds.true : kinds.false);
  else if (typeof value === 'string') {
    writeByte(writer, kinds.text);
    writeUnsigned(writer, placeOf(texts, value));
  } else if (isSmall(value)) writeByte(writer, kinds.small + value);
  else {
    writeByte(writer, kinds.number);
    writeNumber(writer, value);
  }
};

const isSmall = (value: number): boolean =>
  value >= 0 && value <= 0xff - kinds.small && Number.isInteger(value) && !Object.is(value, -0);

const readScalar = (reader: ByteReader, texts: readonly string[]): Scalar => {
  const kind = readByte(reader);
  if (kind >= kinds.small) return kind - kinds.small;
  if (kind === kinds.text) return entryAt(texts, readUnsigned(reader));
  if (kind === kinds.number) return readNumber(reader);
  return kind === kinds.true;
};

/** The values of these names, in their order; the names themselves stand in a list of lists. */
export const writeValues = (
  writer: ByteWriter,
  texts: TextTable,
  names: readonly string[],
  values: Readonly<Record<string, Scalar>>,
): void => {
  for (const name of names) {
    const value = values[name];
    if (value === undefined) throw corrupt(`"${name}" has no value`);
    writeScalar(writer, texts, value);
  }
};

export const readValues = (
  reader: ByteReader,
  texts: readonly string[],
  names: readonly string[],
): Record<string, Scalar> => {
  const values: Record<string, Scalar> = {};
  for (const name of names) {
    const value = readScalar(reader, texts);
    // assigning to this one name would set the prototype instead
    if (name === '__proto__')
      Object.defineProperty(values, name, { value, enumerable: true, writable: true, configurable: true });
    else values[name] = value;
  }
  return values;
};
