// Lights the nodes of the drawing, and tells which one was clicked.
(() => {
  const editor = acquireVsCodeApi();
  const nodes = new Map([...document.querySelectorAll(".node")].map((node) => [node.dataset.path, node]));
  const STATES = ["running", "finished", "failed", "stopped"];
  window.addEventListener("message", ({ data }) => {
    if (data.clear) for (const node of nodes.values()) node.classList.remove(...STATES);
    if (data.dots) for (const [path, node] of nodes) node.classList.toggle("dotted", data.dots.includes(path));
    if (data.path) {
      const node = nodes.get(data.path);
      node?.classList.remove(...STATES);
      if (STATES.includes(data.state)) node?.classList.add(data.state);
    }
  });
  const tell = (event) => {
    const node = event.target.closest(".node");
    if (node) editor.postMessage({ path: node.dataset.path });
  };
  document.addEventListener("click", tell);
  document.addEventListener("keydown", (event) => event.key === "Enter" && tell(event));
})();
