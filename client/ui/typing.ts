/*
 * Text on its way from a field to the workflow. A key changes only the field it was typed in; the rest of the page learns of the text
 * at the next pause, when the field is left, or when something asks for all that was typed (`flushTyping`).
 */

/** A pause that a fast typist does not make between two keys. */
const PAUSE_MS = 300;
/** While somebody types without a pause, the text is still handed on this often. */
const LONGEST_MS = 4_000;

export interface Typing {
  /** Text that was typed; replaces text that has not been handed on yet. */
  hold(text: string): void;
  /** Hands on what is held. */
  flush(): void;
  readonly holds: boolean;
}

const fields = new Set<Typing>();

/** Hands on what is held in every field of the page. */
export function flushTyping(): void {
  for (const field of [...fields]) field.flush();
}

/** Holds the text of one field and hands it to `commit`. */
export function createTyping(commit: (text: string) => void): Typing {
  let held: { text: string; since: number; timer: ReturnType<typeof setTimeout> } | undefined;
  const typing: Typing = {
    hold(text) {
      const since = held?.since ?? Date.now();
      if (held) clearTimeout(held.timer);
      const wait = Math.max(0, Math.min(PAUSE_MS, since + LONGEST_MS - Date.now()));
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
