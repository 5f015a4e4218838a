// The tree of a server's sessions.

import * as vscode from "vscode";
import { call, Session } from "./server";

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

  call<T>(method: string, params: object): Promise<T> {
    return call<T>(this.url, this.token, method, { session_id: this.session.session_id, ...params });
  }
}

export class Sessions implements vscode.TreeDataProvider<SessionItem> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  refresh(): void {
    this.changed.fire();
  }

  getTreeItem(item: SessionItem): vscode.TreeItem {
    return item;
  }

  async getChildren(item?: SessionItem): Promise<SessionItem[]> {
    if (item !== undefined) return [];
    const settings = vscode.workspace.getConfiguration("stepwire");
    const [url, token] = [settings.get("url", ""), settings.get("token", "")];
    try {
      const { sessions } = await call<{ sessions: Session[] }>(url, token, "session.list", { limit: 50 });
      return sessions.map((session) => new SessionItem(session, url, token));
    } catch {
      // The view says what an empty list means.
      return [];
    }
  }
}
