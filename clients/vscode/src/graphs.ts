// Compiled graphs in a Python source, and what of the state its lines name: decisions over text.

/** A graph in a file: the variable that holds it, and its line from 0. */
export interface FoundGraph {
  name: string;
  line: number;
}

const ASSIGNED = /^([A-Za-z_]\w*)(?:\s*:[^=]+)?\s*=\s*(.*)$/;
const MAKES = /\.compile\s*\(|\bcreate_react_agent\s*\(|\bcreate_agent\s*\(|\bcreate_supervisor\s*\(/;
const ENTRYPOINT = /^@entrypoint\b/;
const FUNCTION = /^(?:async\s+)?def\s+([A-Za-z_]\w*)/;

/** The graphs that a module has at its top level, in their order. */
export function findGraphs(text: string): FoundGraph[] {
  const lines = text.split(/\r?\n/);
  const found: FoundGraph[] = [];
  let decorated: number | undefined;
  let quoted: string | undefined;
  for (let line = 0; line < lines.length; line++) {
    const source = lines[line];
    // Within a text of several lines nothing is code.
    const marks = source.match(/"""|'''/g) ?? [];
    const within = quoted;
    for (const mark of marks) {
      if (quoted === undefined) quoted = mark;
      else if (quoted === mark) quoted = undefined;
    }
    if (within !== undefined) continue;
    if (ENTRYPOINT.test(source)) decorated = line;
    const defined = FUNCTION.exec(source);
    if (defined !== null) {
      if (decorated !== undefined) found.push({ name: defined[1], line: decorated });
      decorated = undefined;
    }
    const assigned = ASSIGNED.exec(source);
    if (assigned !== null && MAKES.test(statement(lines, line))) found.push({ name: assigned[1], line });
  }
  return found;
}

/** The whole statement that begins at a line: up to where its brackets are closed. */
function statement(lines: string[], line: number): string {
  let text = "";
  let depth = 0;
  for (let at = line; at < lines.length && at < line + 50; at++) {
    const code = lines[at].replace(/#.*$/, "");
    text += code + "\n";
    for (const letter of code) {
      if ("([{".includes(letter)) depth++;
      if (")]}".includes(letter)) depth--;
    }
    if (depth <= 0) return text;
  }
  return text;
}

/** A place of the state that a line names: `state["query"]`, `state.query`, and where it stands. */
export interface NamedPlace {
  expression: string;
  start: number;
  end: number;
}

const PLACE = /\b(state|input)(?:\[(?:"[^"\\]*"|'[^'\\]*'|\d+)\]|\.[A-Za-z_]\w*\b(?!\s*\())+/g;

/** The places of the state that a line of source names. */
export function findPlaces(line: string): NamedPlace[] {
  const code = line.replace(/#.*$/, "");
  return [...code.matchAll(PLACE)].map((one) => ({
    expression: one[0],
    start: one.index,
    end: one.index + one[0].length,
  }));
}
