/** Lines around a change that are shown with it. */
const around = 2;

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** What changed from one text to another, line by line: `-` went, `+` came; runs of equal lines in between are left out. */
export const diffLines = (before: string, after: string): string => {
  const lines = compare(before.split('\n'), after.split('\n'));
  const isNear = lines.map((_, i) =>
    lines.slice(Math.max(0, i - around), i + around + 1).some(({ mark }) => mark !== ' '),
  );
  return lines
    .map(({ mark, text }, i) => {
      if (isNear[i] === true) return `${mark} ${text}`.trimEnd().concat('\n');
      return isNear[i - 1] === true || i === 0 ? '  …\n' : '';
    })
    .join('');
};

/** By the longest common subsequence of what lies between equal beginnings and endings. */
const compare = (before: readonly string[], after: readonly string[]): readonly Line[] => {
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
};

const same = (text: string): Line => ({ mark: ' ', text });

const compareMiddle = (before: readonly string[], after: readonly string[]): Line[] => {
  const lengths = commonLengths(before, after);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [gone, come] = [before[i], after[j]];
    if (gone !== undefined && gone === come) {
      lines.push(same(gone));
      [i, j] = [i + 1, j + 1];
    } else if (gone !== undefined && (come === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push({ mark: '-', text: gone });
      i += 1;
    } else {
      lines.push({ mark: '+', text: come ?? '' });
      j += 1;
    }
  }
  return lines;
};

/** Of the tails from each pair of places on. */
const commonLengths = (before: readonly string[], after: readonly string[]): readonly Uint32Array[] => {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      const [down = 0, right = 0, diagonal = 0] = [lengths[i + 1]?.[j], row[j + 1], lengths[i + 1]?.[j + 1]];
      row[j] = before[i] === after[j] ? diagonal + 1 : Math.max(down, right);
    }
  return lengths;
};
