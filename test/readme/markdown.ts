/** A fenced block, without the indentation of its fence. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The HTML comment on the line before it, e.g. `run`; empty for none. */
  readonly mark: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

export interface Page {
  readonly blocks: readonly Block[];
  /** Number of leading `#` of each heading, in order. */
  readonly headings: readonly number[];
  /** Targets of all links outside of blocks, in order. */
  readonly links: readonly string[];
  /** Rows of tables, rules included. */
  readonly tableRows: number;
}

/** Reads as much Markdown as our own pages use. */
export const readMarkdown = (text: string): Page => {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  const prose: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^( *)```(\w+)$/.exec(lines[at] ?? '');
    if (fence === null) {
      prose.push(lines[at] ?? '');
      continue;
    }
    const [, indent = '', language = ''] = fence;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`the block of line ${at + 1} has no end`);
    const body = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    const mark = /^ *<!-- (.+) -->$/.exec(lines[at - 1] ?? '')?.[1] ?? '';
    blocks.push({ language, text: `${body.join('\n')}\n`, mark, line: at + 1 });
    at = end;
  }
  return {
    blocks,
    headings: prose.flatMap((line) => /^(#+) /.exec(line)?.[1]?.length ?? []),
    links: prose.flatMap((line) => [...line.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '')),
    tableRows: prose.filter((line) => line.startsWith('|')).length,
  };
};

/** What a block does: its comments are in the language of the page. */
export const withoutComments = ({ text }: Block): string =>
  text
    .split('\n')
    .map((line) => line.replace(/(^|\s+)(#|\/\/) .*$/, ''))
    .join('\n');
