/** A text of a template, its references as `<Logical>` without the digits behind: `<Table>/index/due`. */
export const plainText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [[kind, of] = ['', '']] = Object.entries(value as object) as [string, unknown][];
  switch (kind) {
    case 'Fn::Join': {
      const [delimiter, parts] = of as [string, unknown[]];
      return parts.map(plainText).join(delimiter);
    }
    case 'Fn::Select': {
      const [index, list] = of as [number, unknown];
      const { 'Fn::Split': split } = list as { 'Fn::Split': [string, unknown] };
      return `[${index} of ${split[0]}${plainText(split[1])}]`;
    }
    case 'Fn::ImportValue':
      return `<${withoutDigits(String(of).replace(/^.*:ExportsOutput(Ref|FnGetAtt)/, ''))}>`;
    case 'Fn::GetAtt':
      return `<${withoutDigits((of as string[])[0] ?? '')}>`;
    case 'Ref':
      return `<${withoutDigits(String(of))}>`;
    default:
      return JSON.stringify(value);
  }
};

const withoutDigits = (logical: string): string => logical.replace(/[0-9A-F]{8}.*$/, '');
