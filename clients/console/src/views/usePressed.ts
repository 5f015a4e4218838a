import { useEffect, useRef, type RefObject } from "react";

/** Whether something in an element is pressed and not let go of yet, by mouse, pen or finger. */
export function usePressed(element: RefObject<HTMLElement | null>): RefObject<boolean> {
  const pressed = useRef(false);
  useEffect(() => {
    const within = element.current;
    const press = (event: PointerEvent) => void (pressed.current ||= event.isPrimary && event.button === 0);
    const release = () => void (pressed.current = false);
    const early = { capture: true };
    within?.addEventListener("pointerdown", press, early);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release, early);
    return () => {
      within?.removeEventListener("pointerdown", press, early);
      for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, release, early);
    };
  }, [element]);
  return pressed;
}
