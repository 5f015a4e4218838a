// The drawing beside the editor: nodes lit as they run, dots where breakpoints are, a click sets one.

import * as path from "node:path";
import * as vscode from "vscode";
import { Described, GraphNode, nodesOf, svgOf } from "./drawing";

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
    if (this.described === undefined) return;
    const lines = new Set(
      vscode.debug.breakpoints
        .filter((one): one is vscode.SourceBreakpoint => one instanceof vscode.SourceBreakpoint && one.enabled)
        .map((one) => `${one.location.uri.fsPath}:${one.location.range.start.line + 1}`),
    );
    const dotted = nodesOf(this.described).filter((node) => this.placesOf(node).some((place) => lines.has(place)));
    void this.panel?.webview.postMessage({ dots: dotted.map((node) => node.path) });
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private placesOf(node: GraphNode): string[] {
    if (node.source === null) return [];
    const { first_line: first, last_line: last } = node.source;
    const file = this.fileOf(node);
    return Array.from({ length: last - first + 1 }, (_, index) => `${file}:${first + index}`);
  }

  private fileOf(node: GraphNode): string {
    return path.resolve(this.described?.root ?? "", node.source?.file ?? "");
  }

  private clicked(clicked: string): void {
    const node = this.described === undefined ? undefined : nodesOf(this.described).find((one) => one.path === clicked);
    if (node?.source == null) return;
    const places = new Set(this.placesOf(node));
    const there = vscode.debug.breakpoints.filter(
      (one) =>
        one instanceof vscode.SourceBreakpoint &&
        places.has(`${one.location.uri.fsPath}:${one.location.range.start.line + 1}`),
    );
    if (there.length > 0) {
      vscode.debug.removeBreakpoints(there);
      return;
    }
    const position = new vscode.Position(node.source.first_line - 1, 0);
    const location = new vscode.Location(vscode.Uri.file(this.fileOf(node)), position);
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(location)]);
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
