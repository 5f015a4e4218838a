// The tree of a server's sessions.

import * as vscode from "vscode";
import type { Client, MethodName, Methods } from "@stepwire/client";
import { Server, type Session } from "./server";

const ICONS: Record<string, string> = {
  queued: "clock",
  running: "loading~spin",
  paused: "debug-pause",
  waiting: "question",
  completed: "check",
  failed: "error",
  cancelled: "circle-slash",
};

export class SessionItem extends vscode.TreeItem {
  constructor(
    readonly session: Session,
    private readonly server: Server,
    private readonly client: Client,
    readonly url: string,
    readonly token: string,
  ) {
    super(session.session_name);
    this.id = session.session_id;
    this.description = `${session.graph}, ${session.status}`;
    this.tooltip = `${JSON.stringify(session.query)}\n${session.session_id}`;
    this.iconPath = new vscode.ThemeIcon(ICONS[session.status] ?? "circle");
    this.contextValue = "session";
  }

  /** A method about this session. */
  call<M extends MethodName>(method: M, params: Omit<Methods[M]["params"], "session_id">): Promise<Methods[M]["result"]> {
    return this.server.call(this.client, method, { session_id: this.session.session_id, ...params } as Methods[M]["params"]);
  }
}

export class Sessions implements vscode.TreeDataProvider<SessionItem> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly server = new Server(() => this.soon());
  private timer: ReturnType<typeof setTimeout> | undefined;

  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.server.close();
  }

  /** Of many changes at once the tree is read once. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.refresh();
    }, 200);
  }

  getTreeItem(item: SessionItem): vscode.TreeItem {
    return item;
  }

  async getChildren(item?: SessionItem): Promise<SessionItem[]> {
    if (item !== undefined) return [];
    const settings = vscode.workspace.getConfiguration("stepwire");
    const [url, token] = [settings.get("url", ""), settings.get("token", "")];
    try {
      const client = this.server.use(url, token);
      // It goes on trying; the tree is read again when the server is there.
      if (client.state.error !== null) return [];
      const { sessions } = await this.server.call(client, "session.list", { limit: 50 });
      return sessions.map((session) => new SessionItem(session, this.server, client, url, token));
    } catch {
      // The view says what an empty list means.
      return [];
    }
  }
}
