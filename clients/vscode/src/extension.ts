// The extension: the adapter's process, and what an editor shows around it.

import * as vscode from "vscode";
import { GraphView } from "./graphView";
import { findGraphs, findPlaces } from "./graphs";
import { stepwireOf } from "./interpreter";
import { Questions } from "./questions";
import { Sessions, SessionItem } from "./sessions";

const PYTHON: vscode.DocumentSelector = { language: "python" };
/** The requests that are answered when the session is there. */
const BEGINS = new Set(["launch", "attach", "restart"]);

export function activate(context: vscode.ExtensionContext): void {
  const sessions = new Sessions();
  const view = new GraphView(context.extensionUri);
  const questions = new Questions();
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("stepwire", { createDebugAdapterDescriptor: adapter }),
    vscode.debug.registerDebugAdapterTrackerFactory("stepwire", { createDebugAdapterTracker: (session) => tracker(session, view) }),
    vscode.debug.registerDebugConfigurationProvider("stepwire", { resolveDebugConfiguration: configured }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => {
      if (event.session.type !== "stepwire") return;
      if (event.event === "stepwire/node") view.light(event.session, event.body);
      if (event.event === "stepwire/asks") void questions.ask(event.session, event.body);
    }),
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type === "stepwire") sessions.refresh();
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      if (session.type === "stepwire") {
        sessions.refresh();
        questions.drop(session);
        view.ended(session);
      }
    }),
    vscode.debug.onDidChangeBreakpoints(() => view.dots()),
    vscode.languages.registerCodeLensProvider(PYTHON, { provideCodeLenses: lenses }),
    vscode.languages.registerInlineValuesProvider(PYTHON, {
      provideInlineValues: (document, visible, context) => inlineValues(view, document, visible, context),
    }),
    vscode.window.registerTreeDataProvider("stepwire.sessions", sessions),
    sessions,
    view,
    questions,
    vscode.commands.registerCommand("stepwire.debugGraph", debugGraph),
    vscode.commands.registerCommand("stepwire.showGraph", () => view.show()),
    vscode.commands.registerCommand("stepwire.respond", () => {
      const session = vscode.debug.activeDebugSession;
      if (session?.type === "stepwire") void questions.ask(session, {});
    }),
    vscode.commands.registerCommand("stepwire.refresh", () => sessions.refresh()),
    vscode.commands.registerCommand("stepwire.attach", attach),
    vscode.commands.registerCommand("stepwire.rewind", (item: SessionItem) => rewind(sessions, item)),
    vscode.commands.registerCommand("stepwire.detach", (item: SessionItem) => detach(sessions, item)),
    vscode.commands.registerCommand("stepwire.delete", (item: SessionItem) => remove(sessions, item)),
  );
}

export function deactivate(): void {}

async function adapter({ configuration, workspaceFolder }: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
  const given = vscode.workspace.getConfiguration("stepwire").get<string[]>("command", []);
  const [command, ...rest] = given.length > 0 ? given : [await stepwireOf(workspaceFolder, configuration.python)];
  return new vscode.DebugAdapterExecutable(command, [...rest, "dap"]);
}

/** Tells the drawing when a session has begun, and when it begins anew: an editor says nothing of the latter. */
function tracker(session: vscode.DebugSession, view: GraphView): vscode.DebugAdapterTracker {
  return {
    onWillReceiveMessage: ({ command }) => {
      if (command === "restart") view.dark(session);
    },
    onDidSendMessage: ({ type, command, success }) => {
      if (type === "response" && success && BEGINS.has(command)) void view.began(session);
    },
  };
}

/** F5 without a launch.json: the graph of the file that is open. */
async function configured(
  folder: vscode.WorkspaceFolder | undefined,
  given: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  const config = { ...given };
  if (config.type === undefined) {
    const launch = await launchOfEditor();
    if (launch === undefined) return undefined;
    Object.assign(config, launch);
  }
  if (config.request === "launch" && config.query === undefined && config.input === undefined) {
    config.query = await vscode.window.showInputBox({ prompt: "What shall the graph be asked?", ignoreFocusOut: true });
    if (config.query === undefined) return undefined;
  }
  config.cwd ??= folder?.uri.fsPath;
  return config;
}

/** The graph of the file that is open, of several the one that is chosen; undefined where there is none. */
async function launchOfEditor(): Promise<vscode.DebugConfiguration | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "python") return undefined;
  const names = findGraphs(document.getText()).map(({ name }) => name);
  if (names.length === 0) {
    void vscode.window.showErrorMessage("There is no compiled graph in this file.");
    return undefined;
  }
  const graph = names.length > 1 ? await vscode.window.showQuickPick(names, { title: "Debug which graph?" }) : names[0];
  return graph === undefined ? undefined : launchOf(document.uri, graph);
}

function launchOf(file: vscode.Uri, graph: string): vscode.DebugConfiguration {
  return { type: "stepwire", request: "launch", name: `Debug ${graph}`, program: `${file.fsPath}:${graph}` };
}

/** As the code lens above a graph says; from the palette, which says nothing, that of the file that is open. */
async function debugGraph(file?: vscode.Uri, graph?: string): Promise<void> {
  if (file !== undefined && graph !== undefined) return debug(file, launchOf(file, graph));
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "python") {
    void vscode.window.showErrorMessage("Open a Python file with a compiled graph first.");
    return;
  }
  const launch = await launchOfEditor();
  if (launch !== undefined) await debug(document.uri, launch);
}

async function debug(file: vscode.Uri, launch: vscode.DebugConfiguration): Promise<void> {
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(file), launch);
}

function lenses(document: vscode.TextDocument): vscode.CodeLens[] {
  return findGraphs(document.getText()).map(({ name, line }) => {
    const range = new vscode.Range(line, 0, line, 0);
    const command = { title: "Debug this graph", command: "stepwire.debugGraph", arguments: [document.uri, name] };
    return new vscode.CodeLens(range, command);
  });
}

/** Where the node that stands ends, from 0: its frame says it; else the drawing, where that knows the node. */
function lastLine(view: GraphView, document: vscode.TextDocument, { start, end }: vscode.Range): number {
  if (end.line > start.line) return end.line;
  return (view.lastLineAt(document.uri, start.line + 1) ?? end.line + 1) - 1;
}

/** The state's values beside the lines of the node that stands. */
function inlineValues(
  view: GraphView,
  document: vscode.TextDocument,
  visible: vscode.Range,
  context: vscode.InlineValueContext,
): vscode.InlineValue[] {
  const found: vscode.InlineValue[] = [];
  const first = Math.max(visible.start.line, context.stoppedLocation.start.line);
  const last = Math.min(visible.end.line, lastLine(view, document, context.stoppedLocation));
  for (let line = first; line <= last; line++) {
    for (const { expression, start, end } of findPlaces(document.lineAt(line).text)) {
      const range = new vscode.Range(line, start, line, end);
      found.push(new vscode.InlineValueEvaluatableExpression(range, expression));
    }
  }
  return found;
}

async function attach(item: SessionItem): Promise<void> {
  const begun = await vscode.debug.startDebugging(undefined, {
    type: "stepwire",
    request: "attach",
    name: item.session.session_name,
    url: item.url,
    token: item.token === "" ? undefined : item.token,
    sessionId: item.session.session_id,
  });
  // From here on the editor debugs it, and not the list: it is let go when the editor leaves.
  if (begun) await item.call("debug.detach", { debugger_id: listsId() });
}

/** As whom the list debugs sessions that it goes back with: the same in each window, and after a restart. */
function listsId(): string {
  return `${vscode.env.appName.slice(0, 100)}, list of sessions ${vscode.env.machineId.slice(0, 8)}`;
}

async function detach(sessions: Sessions, item: SessionItem): Promise<void> {
  const { debuggers } = await item.call("debug.detach", { debugger_id: listsId() });
  const others = debuggers.map((one) => (one === "" ? "a client that gave no name" : one)).join(", ");
  void vscode.window.showInformationMessage(
    `${item.session.session_name}: ${others === "" ? "nobody debugs it any more" : `it is debugged by ${others} still`}`,
  );
  sessions.refresh();
}

async function rewind(sessions: Sessions, item: SessionItem): Promise<void> {
  const { checkpoints } = await item.call("debug.history", {});
  const chosen = await vscode.window.showQuickPick(
    checkpoints
      .filter((one) => one.rewindable)
      .map((one) => ({
        label: `${one.current ? "$(arrow-right) " : ""}step ${one.step}${one.path === "" ? "" : ` of ${one.path}`}`,
        description: one.next.length === 0 ? "the end" : `next: ${one.next.join(", ")}`,
        detail: one.checkpoint_id,
      })),
    { title: "Go back to which checkpoint?" },
  );
  if (chosen === undefined) return;
  await item.call("debug.attach", { debugger_id: listsId() });
  await item.call("debug.rewind", { checkpoint_id: chosen.detail });
  sessions.refresh();
}

async function remove(sessions: Sessions, item: SessionItem): Promise<void> {
  const sure = await vscode.window.showWarningMessage(
    `Delete ${item.session.session_name} with all it holds?`,
    { modal: true },
    "Delete",
  );
  if (sure !== "Delete") return;
  await item.call("session.delete", {});
  sessions.refresh();
}
