// What nodes ask a person: one box after another, since an editor has room for one and a second would close the first.

import * as vscode from "vscode";

/** As the adapter tells it. `text`: what is asked, as a value's text; `interruptId`: which question, or else the only one. */
export interface Question {
  text?: string;
  interruptId?: string;
}

export class Questions implements vscode.Disposable {
  private last: Promise<void> = Promise.resolve();
  private readonly asked = new Map<vscode.CancellationTokenSource, string>();

  /** Ask when all that was asked before is answered or closed. Resolves when this one is. */
  ask(session: vscode.DebugSession, question: Question): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    this.asked.set(source, session.id);
    this.last = this.last.then(async () => {
      try {
        await respond(session, question, source.token);
      } catch (error) {
        // As a question that was answered elsewhere by then. The next one is asked all the same.
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      } finally {
        this.asked.delete(source);
        source.dispose();
      }
    });
    return this.last;
  }

  /** A session has ended: what it asked is closed, and not asked any more. */
  drop(session: vscode.DebugSession): void {
    for (const [source, id] of this.asked) if (id === session.id) source.cancel();
  }

  dispose(): void {
    for (const source of this.asked.keys()) source.cancel();
  }
}

async function respond(session: vscode.DebugSession, question: Question, token: vscode.CancellationToken): Promise<void> {
  if (token.isCancellationRequested) return;
  const box = {
    title: "The graph asks",
    prompt: question.text ?? "Your answer, as JSON or as text",
    ignoreFocusOut: true,
  };
  const answer = await vscode.window.showInputBox(box, token);
  if (answer === undefined || token.isCancellationRequested) return;
  await session.customRequest("stepwire/respond", { interruptId: question.interruptId, text: answer });
}
