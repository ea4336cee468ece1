/** Time allowed for loading the panel’s code. */
const MAX_LOAD_MS = 10_000;
const FIRST = ':is(input, textarea, [contenteditable="true"], [role="tab"], button)';

/** Focuses part of the open side panel once it is rendered, unless the focus has moved elsewhere. By default, its first control. */
export function focusInPanel(selector = FIRST): void {
  const from = document.activeElement;
  const until = performance.now() + MAX_LOAD_MS;
  const look = () => {
    const part = document.querySelector<HTMLElement>(`[data-side-panel] ${selector}`);
    if (document.activeElement !== from && document.activeElement !== document.body) return;
    if (part) {
      part.focus();
      if (part instanceof HTMLInputElement) part.select();
    } else if (performance.now() < until && document.querySelector('[data-side-panel]')) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
