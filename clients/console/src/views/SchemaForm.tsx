import Form from "@rjsf/core";
import type { IconButtonProps, RJSFSchema, UiSchema } from "@rjsf/utils";
import { useMemo } from "react";

import { plain, validator } from "../lib/validator";
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

interface Props {
  schema: Json;
  value: Json;
  onChange: (value: Json) => void;
  /** Say at each field what is wrong with it. */
  checked: boolean;
}

/** A form made of a JSON Schema. */
export function SchemaForm({ schema, value, onChange, checked }: Props) {
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
      noValidate
      {...(checked ? { extraErrors: validator.validateFormData(value, shown).errorSchema } : {})}
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
