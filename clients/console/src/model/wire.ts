/** The protocol's own types, by one name in all of the console. */
export type * from "@stepwire/client";
