import { Validator } from "@cfworker/json-schema";
import { createErrorHandler, toErrorList, toErrorSchema, type RJSFSchema, type RJSFValidationError, type ValidatorType } from "@rjsf/utils";

import type { Json } from "../model/wire";

/** Validates by walking the schema: a page that may not make code of text cannot compile one. */
export const validator: ValidatorType = {
  validateFormData(data, schema, customValidate, transformErrors, uiSchema) {
    const found = errorsOf(schema, data);
    const errors = transformErrors ? transformErrors(found, uiSchema) : found;
    const errorSchema = toErrorSchema(errors);
    if (customValidate) customValidate(data, createErrorHandler(data ?? {}), uiSchema);
    return { errors: toErrorList(errorSchema), errorSchema };
  },
  isValid(schema, data, root) {
    try {
      const whole = { ...(schema as object), $defs: (root as RJSFSchema)["$defs"], definitions: root.definitions };
      return new Validator(JSON.parse(JSON.stringify(whole)), "2020-12").validate(data ?? null).valid;
    } catch {
      return false;
    }
  },
  rawValidation(schema, data) {
    return { errors: errorsOf(schema, data) as never[] };
  },
};

/** Keywords whose errors say that there is an error within, which is among the others. */
const HOLDERS = new Set(["properties", "items", "prefixItems", "allOf", "$ref"]);

function errorsOf(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
  try {
    const { errors } = new Validator(JSON.parse(JSON.stringify(schema)), "2020-12", false).validate(data ?? null);
    return errors
      .filter((error) => !HOLDERS.has(error.keyword))
      .map((error) => ({
        name: error.keyword,
        message: error.error,
        property: placeOf(error).replaceAll("/", "."),
        stack: `${error.instanceLocation}: ${error.error}`,
      }));
  } catch {
    // A schema that cannot be walked is the server's to check.
    return [];
  }
}

/** Where an error is told: of a member that is missing, at the member. */
function placeOf({ keyword, instanceLocation, error }: { keyword: string; instanceLocation: string; error: string }): string {
  const missing = keyword === "required" ? /property "(.*)"/.exec(error)?.[1] : undefined;
  return instanceLocation.replace(/^#/, "") + (missing === undefined ? "" : `/${missing}`);
}

/** A schema of which any member may be left out: a graph takes a part of its state, and the server says where it does not. */
export function partial(schema: Json): Json {
  if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return schema;
  const { required: _, ...rest } = schema;
  return rest;
}

/** Whether a value is what a form made of the schema takes. */
export function fits(schema: Json, value: Json): boolean {
  return errorsOf(plain(schema) as RJSFSchema, value).length === 0;
}

/** What a form needs of a schema: "a value or null" is the value, left out. */
export function plain(schema: Json): Json {
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

export default validator;
