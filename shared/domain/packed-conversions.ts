import type { Conversion, Rate } from './conversion.ts';
import { parseDecimal } from './decimal.ts';
import {
  type ByteReader,
  type ByteWriter,
  corrupt,
  readByte,
  readEscaped,
  readNumber,
  readUnsigned,
  writeByte,
  writeEscaped,
  writeNumber,
  writeUnsigned,
} from './packed-bytes.ts';

const day = 86_400_000;

/** What its shape leaves open of a conversion: units, both sides of the rate, and how long before the fact it was published. */
export const writeConversion = (writer: ByteWriter, { told, rate, rateDate }: Conversion, at: number): void => {
  writeNumber(writer, told.units);
  writeRate(writer, rate.numerator);
  writeRate(writer, rate.denominator);
  writeNumber(writer, dayOf(at) - Date.parse(rateDate) / day);
};

export const readConversion = (
  reader: ByteReader,
  told: Pick<Conversion['told'], 'scale' | 'currency'>,
  at: number,
): Conversion => {
  const units = readNumber(reader);
  const rate: Rate = { numerator: readRate(reader), denominator: readRate(reader) };
  return {
    told: { units, scale: told.scale, currency: told.currency },
    rate,
    rateDate: dateOf(dayOf(at) - readNumber(reader)),
  };
};

const dayOf = (instant: number): number => Math.floor(instant / day);

const dateOf = (days: number): string => {
  const date = new Date(days * day);
  if (Number.isNaN(date.getTime())) throw corrupt('the day of a rate is none');
  return date.toISOString().slice(0, 10);
};

/** Instead of a scale: eight bytes of IEEE 754 follow. */
const noDecimal = 0xff;

/** A rate of a few digits as a whole number and its scale: three or four bytes instead of eight. */
const writeRate = (writer: ByteWriter, rate: number): void => {
  const decimal = parseDecimal(rate);
  if (
    decimal === undefined ||
    decimal.units < 0 ||
    Object.is(rate, -0) ||
    decimal.units / 10 ** decimal.scale !== rate
  ) {
    writeByte(writer, noDecimal);
    writeEscaped(writer, rate);
  } else {
    writeByte(writer, decimal.scale);
    writeUnsigned(writer, decimal.units);
  }
};

const readRate = (reader: ByteReader): number => {
  const scale = readByte(reader);
  if (scale !== noDecimal) return readUnsigned(reader) / 10 ** scale;
  readByte(reader);
  return readEscaped(reader);
};
