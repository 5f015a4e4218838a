import type { ComponentProps } from "react";
import { allExpanded, collapseAllNested, JsonView } from "react-json-view-lite";

import { seen } from "../model/describe";
import type { Json } from "../model/wire";

const STYLE: ComponentProps<typeof JsonView>["style"] = {
  container: "json",
  basicChildStyle: "json-row",
  childFieldsContainer: "json-inner",
  label: "json-key",
  clickableLabel: "json-key",
  nullValue: "json-null",
  undefinedValue: "json-null",
  stringValue: "json-string",
  booleanValue: "json-number",
  numberValue: "json-number",
  otherValue: "json-null",
  punctuation: "json-mark",
  expandIcon: "json-expand",
  collapseIcon: "json-collapse",
  collapsedContent: "json-collapsed",
  noQuotesForStringValues: false,
  quotesForFieldNames: false,
};

/** A value as a person may look into it: text as it is, all else as a tree; what is empty as what it is. */
export function Value({ value, open = false }: { value: Json | undefined; open?: boolean }) {
  if (value === undefined || value === null || typeof value === "boolean" || typeof value === "number")
    return <code className="json-number">{String(value ?? null)}</code>;
  if (typeof value === "string") return <pre className="text">{seen(value)}</pre>;
  return <JsonView data={value} style={STYLE} shouldExpandNode={open ? allExpanded : collapseAllNested} clickToExpandNode />;
}
