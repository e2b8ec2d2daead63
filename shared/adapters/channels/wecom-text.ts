/** Customers' names and the like must not become mentions, links or colours: what WeCom's markdown reads is put in look-alikes. */
export const plainForWecom = (text: string): string =>
  text.replaceAll('<', '＜').replaceAll('>', '＞').replaceAll('](', '］(').replaceAll('`', 'ˋ');

const sentenceEnd = /[。！？；.!?;\n]/;

/** Shortens to a number of UTF-8 bytes, after a whole sentence where there is one, never inside a character. */
export const cutToBytes = (text: string, maxBytes: number): string => {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const ellipsis = '…';
  const room = maxBytes - Buffer.byteLength(ellipsis);
  let kept = '';
  let bytes = 0;
  let sentence = 0;
  // iterating a string goes by code points: a surrogate pair stays whole
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
    if (sentenceEnd.test(character)) sentence = kept.length;
  }
  // a sentence that would leave less than half is too dear
  const end = sentence * 2 >= kept.length ? sentence : kept.length;
  return room < 0 ? '' : `${kept.slice(0, end).trimEnd()}${ellipsis}`;
};
