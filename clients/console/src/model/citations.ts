const REFERENCE = /^\s*(?:\[(\d+)\]|(\d+)[.)])\s[^\n]*?(?:\]\(|<)?(https?:\/\/[^\s)>]+)/gm;

/** The Markdown with its citations, `[1]`, as links to what the list of references says under that number. */
export function linked(text: string): string {
  const addresses = new Map<string, string>();
  for (const [, bracketed, listed, address] of text.matchAll(REFERENCE)) addresses.set((bracketed ?? listed) as string, address as string);
  if (addresses.size === 0) return text;
  return text.replace(/(?<!\w)\[(\d+)\](?![(:])/g, (whole, number: string) => {
    const address = addresses.get(number);
    return address === undefined ? whole : `[\\[${number}\\]](${address})`;
  });
}
