/** Many texts in one run of bytes: a million of them go to another thread without a copy. */
export interface TextColumn {
  readonly bytes: Uint8Array;
  /** Where each text ends. */
  readonly ends: Uint32Array;
}

export interface TextColumnBuilder {
  readonly add: (text: string) => void;
  readonly build: () => TextColumn;
}

const firstBytes = 4_096;
const firstTexts = 256;
/** A code unit takes at most so many bytes of UTF-8. */
const mostBytesPerUnit = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const textColumnBuilder = (): TextColumnBuilder => {
  let bytes = new Uint8Array(firstBytes);
  let ends = new Uint32Array(firstTexts);
  let [size, length] = [0, 0];
  return {
    add: (text) => {
      const needed = length + text.length * mostBytesPerUnit;
      if (needed > bytes.length) bytes = grown(bytes, new Uint8Array(Math.max(needed, bytes.length * 2)));
      if (size === ends.length) ends = grown(ends, new Uint32Array(size * 2));
      length += encoder.encodeInto(text, bytes.subarray(length)).written;
      ends[size] = length;
      size += 1;
    },
    build: () => ({ bytes: bytes.subarray(0, length), ends: ends.subarray(0, size) }),
  };
};

const grown = <T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T => {
  to.set(from);
  return to;
};

export const textAt = ({ bytes, ends }: TextColumn, row: number): string =>
  decoder.decode(bytes.subarray(row === 0 ? 0 : ends[row - 1], ends[row]));

/** Numbers in one run; grows as it is filled. */
export interface NumberColumnBuilder {
  readonly add: (value: number) => void;
  readonly build: () => Float64Array;
}

export const numberColumnBuilder = (): NumberColumnBuilder => {
  let values = new Float64Array(firstTexts);
  let size = 0;
  return {
    add: (value) => {
      if (size === values.length) values = grown(values, new Float64Array(size * 2));
      values[size] = value;
      size += 1;
    },
    build: () => values.subarray(0, size),
  };
};
