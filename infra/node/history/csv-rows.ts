/** One record of a CSV file. */
export interface CsvRow {
  /** Line of its first character, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What breaks the form of a CSV file; nothing can be read behind it. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault';
  readonly line: number;
  readonly fault: 'open-quote' | 'after-quote' | 'not-text';

  constructor(fault: CsvFault['fault'], line: number) {
    super(`line ${line}: ${fault}`);
    this.line = line;
    this.fault = fault;
  }
}

/** Within a cell as it is, within quotes, or after a quote that ends the cell unless another one follows. */
type Place = 'plain' | 'quoted' | 'quote';

/**
 * Records of a CSV text that comes in pieces (RFC 4180): cells between commas, in quotes where they hold commas, quotes or line
 * breaks; lines end with LF or CRLF. A byte order mark is passed over, empty lines are too.
 *
 * @throws {CsvFault}
 */
export async function* csvRows(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<CsvRow> {
  const reader = createReader();
  for await (const piece of pieces) yield* reader.take(piece);
  yield* reader.end();
}

const createReader = () => {
  let place: Place = 'plain';
  let cell = '';
  let cells: string[] = [];
  let [line, began] = [1, 1];
  let isStart = true;
  let wasReturn = false;

  const endCell = (): void => {
    cells.push(cell);
    cell = '';
    place = 'plain';
  };
  const endRow = (): CsvRow | undefined => {
    const isEmpty = cells.length === 0 && cell === '' && place === 'plain';
    endCell();
    const row = { line: began, cells };
    cells = [];
    began = line;
    return isEmpty ? undefined : row;
  };
  const takeQuoted = (character: string): void => {
    if (character === '"') place = 'quote';
    else cell += character;
  };
  const takePlain = (character: string): void => {
    if (character === ',') endCell();
    else if (character === '"' && place === 'quote') {
      cell += '"';
      place = 'quoted';
    } else if (place === 'quote') throw new CsvFault('after-quote', line);
    else if (character === '"' && cell === '') place = 'quoted';
    else cell += character;
  };
  function* take(piece: string): Generator<CsvRow> {
    for (const character of isStart && piece.startsWith('\ufeff') ? piece.slice(1) : piece) {
      const isBreak = character === '\n' || character === '\r';
      const isSecondHalf = character === '\n' && wasReturn;
      wasReturn = character === '\r';
      if (isBreak && !isSecondHalf) line += 1;
      if (place === 'quoted') takeQuoted(character);
      else if (!isBreak) takePlain(character);
      else if (!isSecondHalf) {
        const row = endRow();
        if (row !== undefined) yield row;
      }
    }
    if (piece !== '') isStart = false;
  }
  function* end(): Generator<CsvRow> {
    if (place === 'quoted') throw new CsvFault('open-quote', began);
    const row = endRow();
    if (row !== undefined) yield row;
  }
  return { take, end };
};

/** One record as a line of CSV: cells in quotes where they need them. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells
    .map(String)
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')}\r\n`;
