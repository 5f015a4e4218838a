// Shows what the extension tells of the nodes of the drawing, and tells it which one was clicked.
(() => {
  const editor = acquireVsCodeApi();
  const nodes = new Map([...document.querySelectorAll(".node")].map((node) => [node.dataset.path, node]));
  const STATES = ["running", "finished", "failed", "stopped"];
  const show = (node, state) => {
    node.classList.remove(...STATES);
    if (STATES.includes(state)) node.classList.add(state);
  };
  window.addEventListener("message", ({ data }) => {
    if (data.dots) for (const [path, node] of nodes) node.classList.toggle("dotted", data.dots.includes(path));
    if (data.states) for (const [path, node] of nodes) show(node, new Map(data.states).get(path));
    if (nodes.has(data.path)) show(nodes.get(data.path), data.state);
  });
  const tell = (event) => {
    const node = event.target.closest(".node");
    if (node) editor.postMessage({ path: node.dataset.path });
  };
  document.addEventListener("click", tell);
  document.addEventListener("keydown", (event) => event.key === "Enter" && tell(event));
  // A document that was hidden is made anew, and knows nothing.
  editor.postMessage({ ready: true });
})();
