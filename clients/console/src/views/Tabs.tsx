import { NARROW_TABS, TABS, type Tab } from "../model/route";
import { go } from "../stores/routing";

const NAMES: Record<Tab, string> = { graph: "Graph", flow: "Answer", events: "Events", timeline: "Timeline", state: "State", history: "History" };

export function Tabs({ tab: asked, narrow }: { tab: Tab; narrow: boolean }) {
  const tabs = narrow ? NARROW_TABS : TABS;
  const tab = tabs.includes(asked) ? asked : "flow";
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label="What to see"
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by === undefined) return;
        const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] as Tab;
        go({ tab: next });
        document.getElementById(`tab-${next}`)?.focus();
      }}
    >
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={one === tab}
          aria-controls={one === "graph" ? "graph-pane" : "panel"}
          tabIndex={one === tab ? 0 : -1}
          onClick={() => go({ tab: one })}
        >
          {NAMES[one]}
        </button>
      ))}
    </div>
  );
}
