import { useStore } from "../lib/store";
import { dismiss, notices } from "../stores/notices";

export function Notices() {
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="Notices">
      {useStore(notices).map((notice) => (
        <div key={notice.id} className={`notice ${notice.tone}`}>
          <span>{notice.text}</span>
          <button type="button" className="icon" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
