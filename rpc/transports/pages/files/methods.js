// The methods, events and errors of an OpenRPC document.

import { h, json, prose, table } from "./dom.js";

/** All methods, by namespace, each with a form to call it. */
export function methods(document, schemas, console) {
  const groups = Object.groupBy
    ? Object.groupBy(document.methods, (method) => method.tags[0].name)
    : document.methods.reduce((all, method) => {
        (all[method.tags[0].name] ??= []).push(method);
        return all;
      }, {});
  return Object.entries(groups).flatMap(([name, members]) => [
    h("h2", {}, name),
    ...members.map((method) => entry(method.name, method.summary, () => methodBody(method, schemas, console))),
  ]);
}

/** All events. */
export function events(document, schemas) {
  return [
    h("h2", {}, "Events: notifications of a subscription, and the frames of an SSE stream"),
    ...document["x-events"].map((event) =>
      entry(event.name, event.description, () => [
        h("h4", {}, "params"),
        fieldTable(schemas.fields(event.params), schemas),
        h("h4", {}, "Example"),
        json(event.example),
      ]),
    ),
  ];
}

/** All errors; a problem document's `type` points at a row. */
export function errors(document) {
  const rows = Object.entries(document.components.errors).map(([name, error]) =>
    h(
      "tr",
      { id: name },
      h("td", {}, h("code", {}, name)),
      h("td", {}, String(error.code)),
      h("td", {}, error.message),
      h("td", {}, prose(error.data.detail)),
    ),
  );
  return [h("h2", {}, "Errors"), table(["data.type", "code", "message", "when"], rows)];
}

/** A line that opens to its body, which is made at the first opening. */
function entry(name, summary, body) {
  const details = h("details", { class: "entry", id: name });
  details.append(h("summary", {}, h("b", {}, name), h("span", {}, prose(summary))));
  details.addEventListener("toggle", () => details.append(h("div", {}, body())), { once: true });
  return details;
}

function methodBody(method, schemas, console) {
  const example = method.examples[0];
  const own = method.description === method.summary ? null : h("p", {}, prose(method.description));
  return [
    own,
    h("h4", {}, "params"),
    method.params.length ? fieldTable(method.params, schemas) : h("p", {}, "none"),
    form(method, console),
    h("h4", {}, "result"),
    h("p", {}, prose(method.result.description)),
    fieldTable(schemas.fields(method.result.schema), schemas),
    h("h4", {}, "Example of a result"),
    json(example.result.value),
    h("h4", {}, "errors"),
    h("p", {}, method.errors.flatMap((error) => [errorLink(error.$ref.split("/").at(-1)), " "])),
  ];
}

function errorLink(name) {
  return h("a", { href: `#${name}` }, h("code", {}, name));
}

function fieldTable(fields, schemas) {
  if (!fields.length) return null;
  const rows = fields.map(({ name, schema, required }) =>
    h(
      "tr",
      {},
      h("td", {}, h("code", {}, name), required ? h("span", { class: "need", title: "required" }, " *") : null),
      h("td", {}, h("code", {}, schemas.type(schema))),
      h("td", {}, prose(schema.description ?? schemas.resolve(schema)?.description)),
    ),
  );
  return table(["field", "type", ""], rows);
}

/** Calls the method with what is in the text area. */
function form(method, console) {
  const area = h("textarea", { spellcheck: false, rows: 5, "aria-label": `params of ${method.name}` });
  const answer = h("div", { "aria-live": "polite" });
  const fault = h("span", { class: "fault", role: "alert" });
  const send = h("button", { type: "submit" }, "Call");
  const fill = () => (area.value = JSON.stringify(exampleParams(method, console.ids), null, 2));
  fill();
  const untouched = { value: area.value };
  area.addEventListener("focus", () => {
    if (area.value === untouched.value) untouched.value = fill();
  });
  const submit = async (event) => {
    event.preventDefault();
    fault.textContent = "";
    if (area.value === untouched.value) untouched.value = fill();
    let params;
    try {
      params = area.value.trim() ? JSON.parse(area.value) : {};
    } catch (error) {
      fault.textContent = `not JSON: ${error.message}`;
      return;
    }
    send.disabled = true;
    try {
      const message = await console.call(method.name, params);
      answer.replaceChildren(h("h4", {}, message.error ? "Error" : "Result"), json(message.error ?? message.result));
    } catch (error) {
      fault.textContent = error.message;
    } finally {
      send.disabled = false;
    }
  };
  return h("form", { onsubmit: submit }, h("h4", {}, "Try it"), area, h("div", { class: "row" }, send, fault), answer);
}

/** The example's params, of what there is where answers told of it. */
function exampleParams(method, ids) {
  const params = Object.fromEntries(method.examples[0].params.map(({ name, value }) => [name, value]));
  return ids.fill(params);
}
