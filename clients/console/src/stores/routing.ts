import { Store } from "../lib/store";
import { format, parse, type Route } from "../model/route";

export const route = new Store<Route>(parse(location.hash));
addEventListener("hashchange", () => route.set(parse(location.hash)));

/** Go to another place; `replace` leaves none to come back to. */
export function go(to: Partial<Route>, replace = false): void {
  const next = { ...route.get(), ...to };
  const hash = format(next);
  if (replace) history.replaceState(null, "", hash);
  else if (hash !== location.hash) history.pushState(null, "", hash);
  route.set(parse(hash));
}
