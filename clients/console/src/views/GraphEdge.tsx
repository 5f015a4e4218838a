import { BaseEdge, getBezierPath, type Edge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";

import { pathOf, type Point } from "../model/graphLayout";

export type DrawnEdge = Edge<{ points: readonly Point[]; at: Point | null; back: boolean }>;

/** An edge, led around the nodes that are in its way. */
export const GraphEdgeView = memo(function GraphEdgeView({ id, data, label, markerEnd, ...ends }: EdgeProps<DrawnEdge>) {
  const [straight, x, y] = getBezierPath(ends);
  return (
    <BaseEdge
      id={id}
      path={data !== undefined && data.points.length > 1 ? pathOf(data) : straight}
      label={label}
      labelX={data?.at?.x ?? x}
      labelY={data?.at?.y ?? y}
      {...(markerEnd === undefined ? {} : { markerEnd })}
    />
  );
});
