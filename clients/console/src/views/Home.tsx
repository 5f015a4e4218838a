import { memo, Suspense } from "react";

import { later } from "../lib/later";
import { useStore } from "../lib/store";
import { server } from "../stores/server";
import { Prose } from "./Prose";
import { useDescription } from "./useDescription";

const HomeGraph = later(() => import("./HomeGraph"));

/** Before anything is asked: what the graph is, and the graph. */
export const Home = memo(function Home({ graph }: { graph: string }) {
  const { description, failure } = useDescription(graph);
  const info = useStore(server.info);
  return (
    <div className="home">
      <div className="home-text">
        <h2>{graph || "Stepwire"}</h2>
        <p>
          <Prose text={description?.description || "Ask a question above, and watch the graph answer it."} />
        </p>
        <p className="dim">
          Click a node to stop there. Press <kbd>/</kbd> to write a question.
          {info && (
            <>
              {" "}
              Stepwire {info.version}, LangGraph {info.langgraph_version}. <a href={`${server.client.url.replace(/^ws/, "http").replace(/\/rpc$/, "")}/orchestrator/docs`}>API</a>
            </>
          )}
        </p>
        {failure && <p className="bad">{failure}</p>}
      </div>
      <div className="home-graph">
        <Suspense fallback={null}>{description && <HomeGraph key={description.graph} description={description} />}</Suspense>
      </div>
    </div>
  );
});
