import "@xyflow/react/dist/style.css";
import "../styles/graph.css";

import { Background, ControlButton, Controls, getViewportForBounds, MarkerType, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { memo, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { layOut, subgraphs, type DrawnEdge as PlacedEdge } from "../model/graphLayout";
import type { Run } from "../model/session";
import type { DescribeResult } from "../model/wire";
import { GraphEdgeView, type DrawnEdge } from "./GraphEdge";
import { GraphNodeView, Picked, type DrawnNode, type Picking } from "./GraphNode";
import { usePressed } from "./usePressed";

const NODE_TYPES = { step: GraphNodeView };
const EDGE_TYPES = { led: GraphEdgeView };
const listened = () => undefined;
/** Up to so many nodes are shown at first; of a larger graph the subgraphs are folded. */
const MOST_OPEN = 40;
/** From when a drawing or its pane changed to when it is fitted, in ms: a pane that is drawn larger changes often. */
const FIT_MS = 30;
/** By arrow key: how far the drawing is moved, in pixels. */
const MOVES: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: 60, y: 0 },
  ArrowRight: { x: -60, y: 0 },
  ArrowUp: { x: 0, y: 60 },
  ArrowDown: { x: 0, y: -60 },
};
const ZOOM = { least: 0.1, fitted: 1.5, most: 2 };

function alike({ data: a }: DrawnNode, { data: b }: DrawnNode): boolean {
  return Object.keys(b).every((key) => a[key] === b[key]);
}

function edgeOf({ id, source, target, edge, points, label, back }: PlacedEdge, active: boolean): DrawnEdge {
  return {
    id,
    type: "led",
    source,
    target,
    data: { points, at: label, back },
    ...(edge.label === null ? {} : { label: edge.label }),
    className: `${edge.conditional ? "conditional" : ""}${active ? " active" : ""}`,
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: "var(--edge)" },
    focusable: false,
    zIndex: 1,
  };
}

interface Props extends Picking {
  description: DescribeResult;
  run: Run | undefined;
  /** A click on a node sets the breakpoint, as there is nothing to look at yet. */
  stopsAtClick?: boolean;
  onSelect: (path: string) => void;
  onBreak: (path: string) => void;
}

/** The graph, with what each of its nodes is doing. Which of them is selected, and where it stops, is each node's own to know. */
export const GraphView = memo(function GraphView({ breakpoints, selected, ...props }: Props) {
  const picking = useMemo(() => ({ breakpoints, selected }), [breakpoints, selected]);
  return (
    <Picked value={picking}>
      <ReactFlowProvider>
        <Drawing {...props} />
      </ReactFlowProvider>
    </Picked>
  );
});

const Drawing = memo(function Drawing({ description, run, stopsAtClick = false, onSelect, onBreak }: Omit<Props, keyof Picking>) {
  const inner = useMemo(() => subgraphs(description.nodes), [description]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(description.metadata.nodes_shown <= MOST_OPEN ? inner : []));
  const drawn = useMemo(() => layOut(description, open), [description, open]);
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const fold = useCallback((path: string) => {
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  }, []);
  const [size, setSize] = useState("");
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize(`${Math.round(entry.contentRect.width)}×${Math.round(entry.contentRect.height)}`);
    });
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const pressed = usePressed(frame);
  useEffect(() => {
    // Who presses a node's button moves nothing: a hand that shakes would lose its click.
    const within = frame.current;
    const press = (event: MouseEvent) => {
      if (event.target instanceof Element && event.target.closest(".node-head")) event.stopPropagation();
    };
    within?.addEventListener("mousedown", press, { capture: true });
    return () => within?.removeEventListener("mousedown", press, { capture: true });
  }, []);
  // All that is drawn: a way may lead around the nodes.
  const fit = useCallback(() => {
    const pane = frame.current;
    if (pane === null || pane.clientWidth === 0) return;
    const all = { x: 0, y: 0, width: drawn.width, height: drawn.height };
    void flow.setViewport(getViewportForBounds(all, pane.clientWidth, pane.clientHeight, ZOOM.least, ZOOM.fitted, 0.08));
  }, [flow, drawn]);
  useEffect(() => {
    // What is pressed stays where it is until it is let go of: else that is no click on it.
    const settle = () => {
      if (pressed.current) timer = setTimeout(settle, FIT_MS);
      else fit();
    };
    let timer = setTimeout(settle, FIT_MS);
    return () => clearTimeout(timer);
  }, [fit, size, pressed]);
  const move = useCallback(
    (event: KeyboardEvent) => {
      const by = MOVES[event.key];
      if (by === undefined || event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const { x, y, zoom } = flow.getViewport();
      void flow.setViewport({ x: x + by.x, y: y + by.y, zoom });
    },
    [flow],
  );
  const kept = useRef(new Map<string, DrawnNode>());
  const nodes = useMemo<DrawnNode[]>(() => {
    const next = drawn.nodes.map((placed): DrawnNode => {
        const { path, subgraph } = placed.node;
        return {
          id: path,
          type: "step",
          position: { x: placed.x, y: placed.y },
          ...(placed.parent === null ? {} : { parentId: placed.parent }),
          width: placed.width,
          height: placed.height,
          // Else it would be measured with each change, and its edges be gone until then.
          measured: { width: placed.width, height: placed.height },
          data: {
            placed,
            tally: run?.nodes.get(path),
            foldable: subgraph !== null,
            stopsAtClick,
            resting: run?.status === "paused" || run?.status === "waiting",
            onOpen: onSelect,
            onFold: fold,
            onBreak,
          },
        };
    });
    // Nodes of which nothing changed stay the very objects that they were: only the others are drawn anew.
    const same = next.map((node) => {
      const before = kept.current.get(node.id);
      return before !== undefined && alike(before, node) ? before : node;
    });
    kept.current = new Map(same.map((node) => [node.id, node]));
    return same;
  }, [drawn, run?.nodes, run?.status, stopsAtClick, onSelect, onBreak, fold]);
  const led = useMemo(() => drawn.edges.map((edge) => ({ target: edge.target, resting: edgeOf(edge, false), active: edgeOf(edge, true) })), [drawn]);
  const edges = useMemo<DrawnEdge[]>(
    () => led.map(({ target, resting, active }) => (run?.status === "running" && (run.nodes.get(target)?.running ?? 0) > 0 ? active : resting)),
    [led, run?.nodes, run?.status],
  );
  return (
    <div className="graph" ref={frame} role="group" aria-label={`Graph ${description.graph}; arrow keys move it`} tabIndex={0} onKeyDown={move}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        minZoom={ZOOM.least}
        maxZoom={ZOOM.most}
        // Nodes that nobody listens to cannot be pointed at, nor what is in them.
        onNodeClick={listened}
        deleteKeyCode={null}
        selectionKeyCode={null}
        zoomOnDoubleClick={false}
      >
        <Background gap={22} size={1} />
        <Controls showInteractive={false} showFitView={false} position="bottom-left">
          <ControlButton className="react-flow__controls-fitview" title="Fit View" aria-label="Fit View" onClick={fit}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M1 4V1h3M8 1h3v3M11 8v3H8M4 11H1V8" fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>
          </ControlButton>
        </Controls>
      </ReactFlow>
    </div>
  );
});
