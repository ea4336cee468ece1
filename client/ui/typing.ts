/*
 * Text on its way from a field to the workflow. A key changes only the field it was typed in. The rest of the page learns of the text at
 * the next pause, on blur, or when something needs all pending text (`flushTyping`).
 */

/** Longer than a fast typist pauses between two keys. */
const PAUSE_MS = 300;
/** The maximum interval between reports while typing continues. */
const MAX_DELAY_MS = 4_000;

export interface Typing {
  /** Holds typed text, replacing text not reported yet. */
  hold(text: string): void;
  /** Reports the held text. */
  flush(): void;
  readonly holds: boolean;
}

const fields = new Set<Typing>();

/** Reports the held text of every field on the page. */
export function flushTyping(): void {
  for (const field of [...fields]) field.flush();
}

/** Holds the text of one field and reports it to `commit`. */
export function createTyping(commit: (text: string) => void): Typing {
  let held: { text: string; since: number; timer: ReturnType<typeof setTimeout> } | undefined;
  const typing: Typing = {
    hold(text) {
      const since = held?.since ?? Date.now();
      if (held) clearTimeout(held.timer);
      const wait = Math.max(0, Math.min(PAUSE_MS, since + MAX_DELAY_MS - Date.now()));
      held = { text, since, timer: setTimeout(typing.flush, wait) };
      fields.add(typing);
    },
    flush() {
      if (!held) return;
      const { text, timer } = held;
      clearTimeout(timer);
      held = undefined;
      fields.delete(typing);
      commit(text);
    },
    get holds() {
      return held !== undefined;
    },
  };
  return typing;
}
