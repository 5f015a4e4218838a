// VS Code's workbench in a page, with the extension's own manifest; the adapter is at the other end of a WebSocket.
// ?file= is the graph's source, as the adapter knows it; ?query= what the graph is asked.
import { initialize } from "@codingame/monaco-vscode-api";
import { ExtensionHostKind, registerExtension } from "@codingame/monaco-vscode-api/extensions";
import getConfiguration, { initUserConfiguration } from "@codingame/monaco-vscode-configuration-service-override";
import getDebug from "@codingame/monaco-vscode-debug-service-override";
import getDialogs from "@codingame/monaco-vscode-dialogs-service-override";
import getExplorer from "@codingame/monaco-vscode-explorer-service-override";
import getExtensions from "@codingame/monaco-vscode-extensions-service-override";
import getFiles, {
  RegisteredFileSystemProvider,
  RegisteredMemoryFile,
  registerFileSystemOverlay,
} from "@codingame/monaco-vscode-files-service-override";
import getKeybindings from "@codingame/monaco-vscode-keybindings-service-override";
import getLanguages from "@codingame/monaco-vscode-languages-service-override";
import getLifecycle from "@codingame/monaco-vscode-lifecycle-service-override";
import getModel from "@codingame/monaco-vscode-model-service-override";
import getNotifications from "@codingame/monaco-vscode-notifications-service-override";
import getQuickAccess from "@codingame/monaco-vscode-quickaccess-service-override";
import getStorage from "@codingame/monaco-vscode-storage-service-override";
import getTextmate from "@codingame/monaco-vscode-textmate-service-override";
import getTheme from "@codingame/monaco-vscode-theme-service-override";
import getWorkbench from "@codingame/monaco-vscode-workbench-service-override";
import "@codingame/monaco-vscode-python-default-extension";
import "@codingame/monaco-vscode-theme-defaults-default-extension";
import "vscode/localExtensionHost";
import * as vscode from "vscode";
import manifest from "../../clients/vscode/package.json";
import { findGraphs } from "../../clients/vscode/src/graphs.ts";

const asked = new URLSearchParams(location.search);
const path = asked.get("file");
const folder = path.slice(0, path.lastIndexOf("/"));

const WORKERS = {
  editorWorkerService: () =>
    new Worker(new URL("@codingame/monaco-vscode-api/workers/editor.worker", import.meta.url), { type: "module" }),
  TextMateWorker: () =>
    new Worker(new URL("@codingame/monaco-vscode-textmate-service-override/worker", import.meta.url), { type: "module" }),
};
window.MonacoEnvironment = {
  getWorker: (_, label) => (WORKERS[label] ?? WORKERS.editorWorkerService)(),
};

const files = new RegisteredFileSystemProvider(false);
const source = await (await fetch(`/source?path=${encodeURIComponent(path)}`)).text();
files.registerFile(new RegisteredMemoryFile(vscode.Uri.file(path), source));
registerFileSystemOverlay(1, files);

await initUserConfiguration(
  JSON.stringify({
    "workbench.colorTheme": "Default Light Modern",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
    "editor.minimap.enabled": false,
    "editor.fontFamily": "monospace",
    "debug.toolBarLocation": "docked",
    "debug.inlineValues": "on",
    "security.workspace.trust.enabled": false,
    "files.autoSave": "off",
  }),
);
await initialize(
  {
    ...getConfiguration(),
    ...getDebug(),
    ...getDialogs(),
    ...getExplorer(),
    ...getExtensions(),
    ...getFiles(),
    ...getKeybindings(),
    ...getLanguages(),
    ...getLifecycle(),
    ...getModel(),
    ...getNotifications(),
    ...getQuickAccess(),
    ...getStorage(),
    ...getTextmate(),
    ...getTheme(),
    ...getWorkbench(),
  },
  document.body,
  {
    workspaceProvider: {
      trusted: true,
      open: async () => false,
      workspace: { folderUri: vscode.Uri.file(folder) },
    },
  },
);

class Adapter {
  constructor(socket) {
    this.messages = new api.EventEmitter();
    this.onDidSendMessage = this.messages.event;
    this.socket = socket;
    socket.onmessage = ({ data }) => this.messages.fire(JSON.parse(data));
  }
  handleMessage(message) {
    this.socket.send(JSON.stringify(message));
  }
  dispose() {
    this.socket.close();
  }
}

const { contributes, ...about } = manifest;
const { breakpoints, debuggers, commands } = contributes;
const extension = registerExtension(
  { ...about, main: undefined, browser: "extension.js", activationEvents: [], contributes: { breakpoints, debuggers, commands } },
  ExtensionHostKind.LocalProcess,
);
const api = await extension.getApi();
api.debug.registerDebugAdapterDescriptorFactory("stepwire", {
  async createDebugAdapterDescriptor() {
    const socket = new WebSocket(`ws://${location.host}/dap`);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new api.DebugAdapterInlineImplementation(new Adapter(socket));
  },
});
api.debug.registerDebugConfigurationProvider("stepwire", {
  resolveDebugConfiguration(_, given) {
    const [graph] = findGraphs(source);
    const launch = { type: "stepwire", request: "launch", name: "Debug this graph", program: `${path}:${graph.name}` };
    return { ...launch, query: asked.get("query"), ...given };
  },
});
await api.window.showTextDocument(api.Uri.file(path));
window.ready = true;
