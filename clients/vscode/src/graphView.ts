// The drawing beside the editor: nodes lit as they run, dots where breakpoints are, a click sets one.

import * as path from "node:path";
import * as vscode from "vscode";
import { Described, GraphNode, isEdge, matching, nodesOf, svgOf } from "./drawing";

export class GraphView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private described: Described | undefined;
  private readonly states = new Map<string, string>();

  constructor(private readonly extension: vscode.Uri) {}

  async show(): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    if (session?.type !== "stepwire") {
      void vscode.window.showInformationMessage("Debug a graph first: its drawing comes from the session.");
      return;
    }
    this.described = (await session.customRequest("stepwire/describe")) as Described;
    if (this.panel === undefined) {
      const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const media = vscode.Uri.joinPath(this.extension, "media");
      const options = { enableScripts: true, localResourceRoots: [media] };
      this.panel = vscode.window.createWebviewPanel("stepwire.graph", "Graph", beside, options);
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.webview.onDidReceiveMessage((message: { path: string }) => this.clicked(message.path));
    }
    this.panel.title = this.described.graph;
    this.panel.webview.html = this.page(this.panel.webview, this.described);
    this.dots();
    for (const [node, state] of this.states) void this.panel.webview.postMessage({ path: node, state });
  }

  /** A node began, ended, failed or stands. */
  light(body: { path: string; state: string }): void {
    this.states.set(body.path, body.state);
    void this.panel?.webview.postMessage(body);
  }

  /** Nothing runs any more. */
  dark(): void {
    this.states.clear();
    void this.panel?.webview.postMessage({ clear: true });
  }

  /** Show where breakpoints are. */
  dots(): void {
    const { described } = this;
    if (described === undefined) return;
    const set = vscode.debug.breakpoints.filter((one) => one.enabled);
    const dotted = nodesOf(described).filter((node) => set.some((one) => this.isAt(one, node, described)));
    void this.panel?.webview.postMessage({ dots: dotted.map((node) => node.path) });
  }

  dispose(): void {
    this.panel?.dispose();
  }

  /** Whether a breakpoint is of a node: on a line of its function, or by its name. */
  private isAt(one: vscode.Breakpoint, node: GraphNode, described: Described): boolean {
    if (one instanceof vscode.FunctionBreakpoint) return matching(described, one.functionName).includes(node.path);
    if (!(one instanceof vscode.SourceBreakpoint) || node.source === null) return false;
    const line = one.location.range.start.line + 1;
    const inside = node.source.first_line <= line && line <= node.source.last_line;
    return inside && one.location.uri.fsPath === this.fileOf(node.source, described);
  }

  private fileOf(source: { file: string }, described: Described): string {
    return path.resolve(described.root ?? "", source.file);
  }

  /** Set a dot at a node, or take away those that are there: on its function, or by its path where it has none, as a subgraph. */
  private clicked(clicked: string): void {
    const { described } = this;
    if (described === undefined) return;
    const node = nodesOf(described).find((one) => one.path === clicked);
    if (node === undefined || isEdge(node)) return;
    const there = vscode.debug.breakpoints.filter((one) => this.isAt(one, node, described));
    if (there.length > 0) {
      vscode.debug.removeBreakpoints(there);
      return;
    }
    vscode.debug.addBreakpoints([this.dotOf(node, described)]);
  }

  private dotOf({ source, path: named }: GraphNode, described: Described): vscode.Breakpoint {
    if (source === null) return new vscode.FunctionBreakpoint(named);
    const position = new vscode.Position(source.first_line - 1, 0);
    return new vscode.SourceBreakpoint(new vscode.Location(vscode.Uri.file(this.fileOf(source, described)), position));
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
