export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Columns two spaces apart, indented by two. Names come from a CRM: control characters never reach the terminal. */
export const printTable = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const lines = [columns.map(({ title }) => title), ...rows].map((row) => row.map(printable));
  const widths = columns.map((_, index) => Math.max(...lines.map((row) => displayWidth(row[index] ?? ''))));
  const line = (row: readonly string[]): string =>
    columns.map(({ align }, index) => pad(row[index] ?? '', widths[index] ?? 0, align ?? 'left')).join('  ');
  return lines.map((row) => `  ${line(row).trimEnd()}\n`).join('');
};

/** One line of plain text: line breaks and other control characters become spaces. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ');

const pad = (text: string, width: number, align: 'left' | 'right'): string => {
  const gap = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? `${text}${gap}` : `${gap}${text}`;
};

/** Terminal cells: CJK characters, full-width forms and emoji take two. */
const displayWidth = (text: string): number =>
  Array.from(text).reduce((width, character) => width + (wide.test(character) ? 2 : 1), 0);

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
