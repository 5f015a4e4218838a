// Addresses and tokens, as a person may give them.

/** What a token may be as a part of a subprotocol's name (RFC 7230, section 3.2.6). */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/**
 * The WebSocket's address: of `http://` or `ws://`, with or without `/rpc`; a relative one is of the page's own server. A path of
 * a `ws://` address is taken as it is. Throws a `TypeError` for what is no address.
 */
export function socketUrl(url: string | URL, page?: string): string {
  const parts = new URL(url, page);
  const scheme = { "http:": "ws:", "https:": "wss:" }[parts.protocol] ?? parts.protocol;
  if (scheme !== "ws:" && scheme !== "wss:") throw new TypeError(`${url} is no address of a server: http://host:port`);
  const given = parts.protocol === scheme;
  let path = parts.pathname;
  if (path === "/" || (!given && !path.endsWith("/rpc"))) path = `${path.replace(/\/+$/, "")}/rpc`;
  return `${scheme}//${parts.host}${path}`;
}

/** Where the same server takes calls by `POST`. */
export function postUrl(socket: string): string {
  return socket.replace(/^ws/, "http");
}

/** The subprotocols by which a socket says who calls; a page can set no headers. Throws a `TypeError`, which does not show the token. */
export function subprotocols(token: string | null | undefined): string[] {
  const given = token?.trim();
  if (!given) return [];
  if (!TOKEN.test(given)) throw new TypeError("a token is a line of letters, digits and - . _ ~ +");
  return ["stepwire.v1", `stepwire.bearer.${given}`];
}
