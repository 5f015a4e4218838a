/** What somebody wrote of a graph or a node: a text in which code stands between backquotes. */
export function Prose({ text }: { text: string }) {
  return <>{text.split(/`{1,2}([^`]+)`{1,2}/).map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))}</>;
}
