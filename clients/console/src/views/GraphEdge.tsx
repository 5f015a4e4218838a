import { BaseEdge, getBezierPath, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";

import { curve, type Point } from "../model/graphLayout";

export type DrawnEdge = Edge<{ points: readonly Point[] }>;

/** An edge, led around the nodes that are in its way. */
export const GraphEdgeView = memo(function GraphEdgeView({ id, data, label, markerEnd, ...ends }: EdgeProps<DrawnEdge>) {
  const points = data?.points ?? [];
  const middle = points[Math.floor(points.length / 2)];
  const [straight, x, y] = getBezierPath(ends);
  return (
    <BaseEdge
      id={id}
      path={points.length > 1 ? curve(points) : straight}
      label={label}
      labelX={middle?.x ?? x}
      labelY={middle?.y ?? y}
      {...(markerEnd === undefined ? {} : { markerEnd })}
    />
  );
});
