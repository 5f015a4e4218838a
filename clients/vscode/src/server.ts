// The server's sessions, by JSON-RPC over HTTP.

/** A session of `session.list`, as far as it is shown. */
export interface Session {
  session_id: string;
  session_name: string;
  graph: string;
  status: string;
  query: unknown;
}

export interface Checkpoint {
  checkpoint_id: string;
  step: number;
  next: string[];
  path: string;
  current: boolean;
  rewindable: boolean;
}

/** Calls a method. Throws with the server's words where it refuses. */
export async function call<T>(url: string, token: string, method: string, params: object): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (token !== "") headers.Authorization = `Bearer ${token}`;
  const address = url.replace(/\/+$/, "").replace(/^ws/, "http").replace(/\/rpc$/, "") + "/rpc";
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(address, { method: "POST", headers, body });
  const answer = (await response.json()) as { result?: T; error?: { message: string; data?: { detail?: string } } };
  if (answer.error !== undefined) throw new Error(answer.error.data?.detail ?? answer.error.message);
  return answer.result as T;
}
