import { Validator } from "@cfworker/json-schema";
import { createErrorHandler, toErrorList, toErrorSchema, type RJSFSchema, type RJSFValidationError, type ValidatorType } from "@rjsf/utils";

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

function errorsOf(schema: RJSFSchema, data: unknown): RJSFValidationError[] {
  try {
    const { errors } = new Validator(JSON.parse(JSON.stringify(schema)), "2020-12", false).validate(data ?? null);
    return errors
      .filter((error) => error.keyword !== "properties")
      .map((error) => ({
        name: error.keyword,
        message: error.error,
        property: error.instanceLocation.replace(/^#/, "").replaceAll("/", "."),
        stack: `${error.instanceLocation}: ${error.error}`,
      }));
  } catch {
    // A schema that cannot be walked is the server's to check.
    return [];
  }
}

export default validator;
