// A client for Stepwire: typed calls, and events without loss or repeat across reconnects.

export { Client, connect, SETTLED } from "./client.js";
export type { Args, BatchCall, BatchResults, CallOptions, EventsOptions, Start } from "./client.js";
export { CannotConnect, ConnectionLost, isRpcError, RpcError, StepwireError, Unauthorized } from "./errors.js";
export type { ConnectionState, Options } from "./link.js";
export type { SocketConstructor, SocketLike } from "./socket.js";
export { Subscription } from "./subscription.js";
export { socketUrl } from "./url.js";
export { Watch } from "./watch.js";
export { cutRef } from "./values.js";
export { ERROR_CODES, EVENT_NAMES, METHOD_NAMES, PROTOCOL_VERSION } from "./protocol.js";
export type * from "./protocol.js";
