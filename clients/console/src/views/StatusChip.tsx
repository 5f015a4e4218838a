/** A session's or a task's status, written out. */
export function StatusChip({ status, title }: { status: string; title?: string }) {
  return (
    <span className={`chip s-${status}`} title={title}>
      {status}
    </span>
  );
}
