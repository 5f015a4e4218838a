// The command of the adapter, where no setting says it.

import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

/** What is used of the public API of VS Code's Python extension. */
interface Python {
  environments?: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

/**
 * The `stepwire` of the interpreter that is chosen in VS Code's Python extension; else that of the folder's `.venv`, or the one on the path.
 * `python`: what the configuration says of the interpreter: then the choice is none of ours.
 */
export async function stepwireOf(folder: vscode.WorkspaceFolder | undefined, python: string | undefined): Promise<string> {
  const chosen = python === undefined ? await chosenPython(folder) : undefined;
  const places = [
    // On Windows an environment may have its interpreter above its scripts.
    ...within(chosen && path.dirname(chosen), ["stepwire", "stepwire.exe", "Scripts/stepwire.exe"]),
    ...within(folder && path.join(folder.uri.fsPath, ".venv"), ["bin/stepwire", "Scripts/stepwire.exe"]),
  ];
  return places.find((one) => fs.existsSync(one)) ?? "stepwire";
}

function within(folder: string | undefined, names: string[]): string[] {
  return folder === undefined ? [] : names.map((one) => path.join(folder, one));
}

/** Absolute; undefined where the extension or the choice is not there. */
async function chosenPython(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<Python>("ms-python.python");
  if (extension === undefined) return undefined;
  let environments: Python["environments"];
  try {
    ({ environments } = await extension.activate());
  } catch {
    // Why it cannot begin is its own to say.
    return undefined;
  }
  const chosen = environments?.getActiveEnvironmentPath(folder?.uri).path;
  // Where nothing is chosen it is a name to look for on the path.
  return chosen !== undefined && path.isAbsolute(chosen) ? chosen : undefined;
}
