import Form from "@rjsf/core";
import type { IconButtonProps, RJSFSchema, UiSchema } from "@rjsf/utils";
import { useMemo } from "react";

import { validator } from "../lib/validator";
import type { Json } from "../model/wire";

/** A list's buttons, in words. */
function button(words: string) {
  return function ListButton({ icon: _icon, iconType: _type, uiSchema: _ui, registry: _registry, ...rest }: IconButtonProps) {
    return (
      <button {...rest} type="button" className="list-button" title={words}>
        {words}
      </button>
    );
  };
}

const TEMPLATES = {
  ButtonTemplates: {
    AddButton: button("Add one"),
    RemoveButton: button("Remove"),
    MoveUpButton: button("Up"),
    MoveDownButton: button("Down"),
    CopyButton: button("Copy"),
    ClearButton: button("Clear"),
  },
};

const UI: UiSchema = { "ui:submitButtonOptions": { norender: true }, "ui:options": { label: true } };

/** A form made of a JSON Schema. */
export function SchemaForm({ schema, value, onChange }: { schema: Json; value: Json; onChange: (value: Json) => void }) {
  const shown = useMemo(() => plain(schema) as RJSFSchema, [schema]);
  return (
    <Form
      className="schema-form"
      schema={shown}
      uiSchema={UI}
      formData={value}
      validator={validator}
      templates={TEMPLATES}
      tagName="div"
      showErrorList={false}
      onChange={(event) => onChange(given(event.formData as Json))}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: "skipEmptyDefaults", arrayMinItems: { populate: "never" } }}
    />
  );
}

/** What was filled in: a field that is empty is left out. */
function given(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.filter((one) => one !== null && one !== undefined).map(given);
  if (value === null || value === undefined || typeof value !== "object") return value ?? null;
  const members = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
  return Object.fromEntries(members.map(([key, one]) => [key, given(one)]));
}

/** What a form needs of a schema: "a value or null" is the value, left out. */
function plain(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(plain);
  if (schema === null || typeof schema !== "object") return schema;
  const any = schema["anyOf"];
  if (Array.isArray(any)) {
    const others = any.filter((one) => !(one !== null && typeof one === "object" && !Array.isArray(one) && one["type"] === "null"));
    if (others.length === 1 && any.length === 2) {
      const { anyOf: _, default: given, ...rest } = schema;
      const only = plain(others[0] as Json) as { [key: string]: Json };
      return { ...only, ...rest, ...(given === null || given === undefined ? {} : { default: given }) };
    }
  }
  return Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, plain(one)]));
}
