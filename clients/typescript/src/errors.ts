// What can go wrong with a call or a subscription.

import type { ErrorData, ErrorName, RpcError as ErrorObject } from "./protocol.js";

/** The base of the client's errors. */
export class StepwireError extends Error {
  override name = "StepwireError";
}

/** The server's answer to a call was an error object: switch on `type`. */
export class RpcError extends StepwireError {
  override name = "RpcError";
  /** The error's number in the protocol's table. */
  readonly code: number;
  /** Its name there; that of a later server may be none of these. */
  readonly type: ErrorName;
  /** What was wrong, where, and what would be right. */
  readonly detail: string;
  /** All that the server said of it. */
  readonly data: ErrorData;

  constructor(error: ErrorObject | { code: number; message: string; data?: unknown }) {
    const data = (typeof error.data === "object" && error.data !== null ? error.data : {}) as Partial<ErrorData>;
    super(data.detail ? `${error.message}: ${data.detail}` : error.message);
    this.code = error.code;
    this.type = (data.type ?? "internal_error") as ErrorName;
    this.detail = data.detail ?? error.message;
    this.data = { ...data, type: this.type, detail: this.detail };
  }

  /** The field of the params that was wrong, such as `$.after`. */
  get path(): string | null {
    return this.data.path ?? null;
  }

  /** When trying again makes sense, for `rate_limited` and `overloaded`. */
  get retryAfterMs(): number | null {
    return this.data.retry_after_ms ?? null;
  }

  /** The oldest event that there is, for `events_gone` and `unreadable`: go on `after` it less one. */
  get firstSeq(): number | null {
    return this.data.first_seq ?? null;
  }
}

/** Whether something is the server's error of this name. */
export function isRpcError(error: unknown, ...types: ErrorName[]): error is RpcError {
  return error instanceof RpcError && (types.length === 0 || types.includes(error.type));
}

/** The connection broke and could not be had again, was closed, or broke under a call that is not safe to repeat. */
export class ConnectionLost extends StepwireError {
  override name = "ConnectionLost";
}

/** No connection could be made at all; the message names the address. */
export class CannotConnect extends ConnectionLost {
  override name = "CannotConnect";
}

/** The server wants to know who calls, or does not take the token (any more): `connect` with another one. */
export class Unauthorized extends CannotConnect {
  override name = "Unauthorized";
}
