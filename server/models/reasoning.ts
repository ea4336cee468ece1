/** Separates a model's reasoning from its answer while the text streams (S59). */
export interface ReasoningSplitter {
  /** Takes the next piece of text and returns the part of it that belongs to the answer. */
  feed(text: string): string;
  /** The whole answer and the whole reasoning. Call it once, after the last piece. */
  end(): { readonly answer: string; readonly reasoning: string };
}

const OPEN = ['<think>', '<thinking>', '<reasoning>'] as const;

/**
 * Models that reason in text open their output with a `<think>` block. Chat templates of some servers already contain the opening
 * tag, so the output may begin inside the block: then everything before a lone `</think>` is reasoning.
 */
export function createReasoningSplitter(): ReasoningSplitter {
  let state: 'start' | 'inside' | 'answer' = 'start';
  let close = '</think>';
  let held = '';
  let answer = '';
  let reasoning = '';

  const toAnswer = (text: string): string => {
    const shown = answer === '' ? text.trimStart() : text;
    answer += shown;
    return shown;
  };

  const atStart = (): string => {
    const text = held.trimStart();
    const tag = OPEN.find((open) => text.startsWith(open));
    if (tag) {
      state = 'inside';
      close = `</${tag.slice(1)}`;
      held = text.slice(tag.length);
      return inside();
    }
    if (OPEN.some((open) => open.startsWith(text))) return '';
    state = 'answer';
    answer = held;
    held = '';
    return answer;
  };

  const inside = (): string => {
    const end = held.indexOf(close);
    if (end < 0) {
      // The last characters may be the start of the closing tag.
      const kept = held.length - (close.length - 1);
      if (kept > 0) {
        reasoning += held.slice(0, kept);
        held = held.slice(kept);
      }
      return '';
    }
    reasoning += held.slice(0, end);
    const rest = held.slice(end + close.length);
    held = '';
    state = 'answer';
    return toAnswer(rest);
  };

  return {
    feed(text) {
      if (state === 'answer') return toAnswer(text);
      held += text;
      return state === 'start' ? atStart() : inside();
    },
    end() {
      if (state === 'inside') reasoning += held;
      else answer += held;
      held = '';
      const lone = reasoning === '' ? answer.indexOf('</think>') : -1;
      if (lone < 0) return { answer, reasoning: reasoning.trim() };
      return { answer: answer.slice(lone + '</think>'.length).trimStart(), reasoning: answer.slice(0, lone).trim() };
    },
  };
}
