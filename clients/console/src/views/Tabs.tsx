import { TABS, type Tab } from "../model/route";
import { go } from "../stores/routing";

const NAMES: Record<Tab, string> = { graph: "Graph", flow: "Answer", events: "Events", timeline: "Timeline", state: "State", history: "History" };

export function Tabs({ tab }: { tab: Tab }) {
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label="What to see"
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by === undefined) return;
        const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] as Tab;
        go({ tab: next });
        document.getElementById(`tab-${next}`)?.focus();
      }}
    >
      {TABS.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`tab-${one}`}
          aria-selected={one === tab}
          aria-controls="panel"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => go({ tab: one })}
        >
          {NAMES[one]}
        </button>
      ))}
    </div>
  );
}
