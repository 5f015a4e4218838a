import assert from "node:assert/strict";
import { test } from "node:test";
import { findGraphs, findPlaces } from "../src/graphs";
import { Drawing, escaped, nodesOf, svgOf } from "../src/drawing";

const SOURCE = `"""A module.

graph = not_me.compile()
"""
from x import y

builder = StateGraph(State)
inner = builder.compile()
graph: Compiled = (
    builder
    .compile(  # a comment ) here
        name="x",
    )
)
agent = create_agent("model", tools=[])
pattern = re.escape("x")


@entrypoint(checkpointer=None)
async def flow(query):
    compiled = builder.compile()
    return compiled


def plain():
    pass
`;

test("graphs at the top level of a module are found, and nothing else", () => {
  assert.deepEqual(
    findGraphs(SOURCE).map(({ name }) => name),
    ["inner", "graph", "agent", "flow"],
  );
  assert.equal(SOURCE.split("\n")[findGraphs(SOURCE)[3].line], "@entrypoint(checkpointer=None)");
});

test("places of the state are found where a line names them", () => {
  const line = `    x = state["hits"][0] + input.query + state.get("no") + mystate["no"]  # state["no"]`;
  assert.deepEqual(
    findPlaces(line).map((one) => one.expression),
    ['state["hits"][0]', "input.query"],
  );
  const [first] = findPlaces(line);
  assert.equal(line.slice(first.start, first.end), 'state["hits"][0]');
});

const box = { position: { x: 50, y: 20 }, width: 80, height: 40, source: null };
const drawing: Drawing = {
  nodes: [
    { ...box, id: "<a>", path: "<a>", type: "node", label: "<script>", subgraph: null },
    {
      ...box,
      id: "b",
      path: "b",
      type: "subgraph",
      label: "B",
      subgraph: {
        nodes: [{ ...box, id: "c", path: "b/c", type: "node", label: "C", subgraph: null }],
        edges: [],
        layout: { width: 100, height: 40 },
      },
    },
  ],
  edges: [{ source: "<a>", target: "b", conditional: true, label: "a & b" }],
  layout: { width: 100, height: 120 },
};

test("a drawing has every node at every depth, and no text of others as markup", () => {
  assert.deepEqual(nodesOf(drawing).map((node) => node.path), ["<a>", "b", "b/c"]);
  const svg = svgOf(drawing, "graph");
  assert.ok(!svg.includes("<script>"));
  assert.ok(svg.includes(escaped("<script>")));
  assert.ok(svg.includes('data-path="b/c"'));
  assert.ok(svg.includes('class="edge conditional"'));
});
