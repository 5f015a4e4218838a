// Elements from data. Nothing here reads HTML: text stays text.

/** An element: its properties (`class` and `data-…` as attributes), then its children; null is left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A description: text between backticks becomes code. */
export function prose(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** A value as indented JSON. */
export function json(value) {
  return h("pre", {}, JSON.stringify(value, null, 2));
}

/** A table of rows of cells. */
export function table(heads, rows) {
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows),
  );
}
