// The drawing beside the editor: nodes lit as they run, dots where breakpoints are, a click sets one.

import * as vscode from "vscode";
import { Described, fileOf, functionsAt, GraphNode, isEdge, matching, nodesOf, svgOf } from "./drawing";

export class GraphView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private described: Described | undefined;
  /** The session that is drawn; none when it has ended, though its drawing stays. */
  private session: string | undefined;
  /** The session whose drawing is asked for; of several the last one is drawn. */
  private asking: { session: string } | undefined;
  /** Of each session, by its id: the state of each node that was lit, by its path. */
  private readonly states = new Map<string, Map<string, string>>();

  constructor(private readonly extension: vscode.Uri) {}

  async show(): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== "stepwire") {
      void vscode.window.showInformationMessage("Debug a graph first: its drawing comes from the session.");
      return;
    }
    if (await this.draw(session)) this.panel?.reveal(undefined, true);
  }

  /** A session has begun, or begun anew with the code as it is now: an open drawing is its, unless it is another's. */
  async began(session: vscode.DebugSession): Promise<void> {
    if (this.panel === undefined || (this.session ?? session.id) !== session.id) return;
    try {
      await this.draw(session);
    } catch {
      // It has ended by now, which is told elsewhere; the drawing stays as it is.
    }
  }

  /** A node began, ended, failed or stands. */
  light(session: vscode.DebugSession, body: { path: string; state: string }): void {
    const states = this.states.get(session.id) ?? new Map<string, string>();
    this.states.set(session.id, states.set(body.path, body.state));
    if (session.id === this.session) this.post({ path: body.path, state: body.state });
  }

  /** Nothing of a session runs any more. */
  dark(session: vscode.DebugSession): void {
    this.states.delete(session.id);
    if (session.id === this.session) this.post({ states: [] });
  }

  /** A session has ended: the drawing is free for the next one. */
  ended(session: vscode.DebugSession): void {
    this.dark(session);
    if (session.id === this.session) this.session = undefined;
    if (session.id === this.asking?.session) this.asking = undefined;
  }

  /** Show where breakpoints are. */
  dots(): void {
    this.post({ dots: this.dotted() });
  }

  /** The last line of the function that has a line, both from 1; undefined where none is known to. */
  lastLineAt(file: vscode.Uri, line: number): number | undefined {
    return this.described && functionsAt(this.described, file.fsPath, line)[0]?.last_line;
  }

  dispose(): void {
    this.panel?.dispose();
  }

  /** Draw a session's graph as it is now; whether that was still wanted when it was known. */
  private async draw(session: vscode.DebugSession): Promise<boolean> {
    const asking = (this.asking = { session: session.id });
    const described = (await session.customRequest("stepwire/describe")) as Described;
    if (this.asking !== asking) return false;
    [this.described, this.session, this.asking] = [described, session.id, undefined];
    const panel = (this.panel ??= this.opened());
    panel.title = described.graph;
    panel.webview.html = this.page(panel.webview, described);
    // The same page as before is not made anew, and says nothing.
    this.all();
    return true;
  }

  private opened(): vscode.WebviewPanel {
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.extension, "media")] };
    const panel = vscode.window.createWebviewPanel("stepwire.graph", "Graph", beside, options);
    panel.onDidDispose(() => (this.panel = this.session = this.asking = undefined));
    panel.webview.onDidReceiveMessage((message: { path: string } | { ready: true }) => {
      if ("ready" in message) this.all();
      else this.clicked(message.path);
    });
    return panel;
  }

  /** Show all that is to be seen: a page that is made, or was hidden, has nothing of it. */
  private all(): void {
    const states = this.session === undefined ? undefined : this.states.get(this.session);
    this.post({ dots: this.dotted(), states: [...(states ?? [])] });
  }

  private post(message: unknown): void {
    void this.panel?.webview.postMessage(message);
  }

  /** The paths of the nodes that have a breakpoint. */
  private dotted(): string[] {
    const { described } = this;
    if (described === undefined) return [];
    const set = vscode.debug.breakpoints.filter((one) => one.enabled);
    return nodesOf(described).map((node) => node.path).filter((path) => set.some((one) => this.isAt(one, path, described)));
  }

  /** Whether a breakpoint is of a node: on a line of one of its functions, or by its name. */
  private isAt(one: vscode.Breakpoint, path: string, described: Described): boolean {
    if (one instanceof vscode.FunctionBreakpoint) return matching(described, one.functionName).includes(path);
    if (!(one instanceof vscode.SourceBreakpoint)) return false;
    const { uri, range } = one.location;
    return functionsAt(described, uri.fsPath, range.start.line + 1).some((found) => found.path === path);
  }

  /** Set a dot at a node, or take away those that are there: on its function, or by its path where it has none, as a subgraph. */
  private clicked(clicked: string): void {
    const { described } = this;
    if (described === undefined) return;
    const node = nodesOf(described).find((one) => one.path === clicked);
    if (node === undefined || isEdge(node)) return;
    const there = vscode.debug.breakpoints.filter((one) => this.isAt(one, node.path, described));
    if (there.length > 0) {
      vscode.debug.removeBreakpoints(there);
      return;
    }
    vscode.debug.addBreakpoints([this.dotOf(node, described)]);
  }

  private dotOf({ path }: GraphNode, described: Described): vscode.Breakpoint {
    const own = described.functions.find((one) => one.path === path);
    if (own === undefined) return new vscode.FunctionBreakpoint(path);
    const position = new vscode.Position(own.first_line - 1, 0);
    return new vscode.SourceBreakpoint(new vscode.Location(vscode.Uri.file(fileOf(own, described)), position));
  }

  private page(webview: vscode.Webview, described: Described): string {
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.extension, "media", name)).toString();
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src ${webview.cspSource}`;
    return (
      `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">` +
      `<link rel="stylesheet" href="${file("graph.css")}"></head><body>${svgOf(described, described.graph)}` +
      `<script src="${file("graph.js")}"></script></body></html>`
    );
  }
}
