// JSON Schemas, as far as the documents use them, in few words.

/** Reads the schemas of one document. */
export class Schemas {
  constructor(components) {
    this.components = components;
  }

  /** The schema itself, where it is a reference. */
  resolve(schema) {
    const name = schema?.$ref?.split("/").at(-1);
    return name ? this.components[name] : schema;
  }

  /** The type in words: `string`, `integer ≥ 0`, `array of string`, `"over" | "into"`. */
  type(schema) {
    if (!schema || schema === true) return "any";
    if (schema.$ref) return schema.$ref.split("/").at(-1);
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return options.map((option) => this.type(option)).join(" | ");
    if (Array.isArray(schema.type)) return schema.type.join(" | ");
    if (schema.type === "array") return `array of ${this.type(schema.items)}`;
    const low = schema.minimum === undefined ? "" : ` ≥ ${schema.minimum}`;
    const high = schema.maximum === undefined ? "" : ` ≤ ${schema.maximum}`;
    return schema.type ? schema.type + low + high : "any";
  }

  /** The fields of an object: `{name, schema, required}`. */
  fields(schema) {
    const whole = this.resolve(schema) ?? {};
    const inherited = (whole.allOf ?? []).flatMap((part) => this.fields(part));
    const own = Object.entries(whole.properties ?? {}).map(([name, field]) => ({
      name,
      schema: field,
      required: (whole.required ?? []).includes(name),
    }));
    return [...inherited, ...own];
  }
}
