import { createStreamedText } from '../../streamed-text.ts';

/** Separates a model's reasoning from its answer while the text streams (S59). */
export interface ReasoningSplitter {
  /** Takes the next piece of text and returns the part of it that belongs to the answer. */
  feed(text: string): string;
  /** Call it once, after the last piece. */
  end(): {
    /** The whole answer. */
    readonly answer: string;
    readonly reasoning: string;
    /** The end of the answer that `feed` held back. */
    readonly held: string;
    /** Only a closing tag was found: the output began inside the reasoning. Unless `beginsInside` was set, `feed` returned that reasoning. */
    readonly beganInside: boolean;
  };
}

const OPEN = ['<think>', '<thinking>', '<reasoning>', '<seed:think>'] as const;
/** A closing tag on its own line. One within a sentence is part of the answer. */
const LONE_CLOSE = /(?:^|\n)[ \t]*<\/think>/;

/**
 * Models that reason in text open their output with a `<think>` block. Chat templates of some servers already contain the opening
 * tag, so the output may begin inside the block: then everything before a lone `</think>` at the start of a line is reasoning.
 * `beginsInside`: an earlier output of the model did, so text is held back until that tag.
 */
export function createReasoningSplitter({ beginsInside = false } = {}): ReasoningSplitter {
  let state: 'start' | 'inside' | 'answer' = 'start';
  let isAssumed = false;
  let close = '</think>';
  let blank = '';
  let held = '';
  const answer = createStreamedText();
  const reasoning = createStreamedText();

  const toAnswer = (text: string): string => {
    const shown = answer.length === 0 ? text.trimStart() : text;
    answer.add(shown);
    return shown;
  };

  /** Holds only what may be an opening tag. Reading the whitespace before it again with each piece would take quadratic time. */
  const atStart = (text: string): string => {
    const rest = held === '' ? text.trimStart() : text;
    blank += text.slice(0, text.length - rest.length);
    held += rest;
    const tag = OPEN.find((open) => held.startsWith(open));
    if (tag) {
      state = 'inside';
      close = `</${tag.slice(1)}`;
      held = held.slice(tag.length);
      return inside();
    }
    if (OPEN.some((open) => open.startsWith(held))) return '';
    if (beginsInside) {
      state = 'inside';
      isAssumed = true;
      return inside();
    }
    state = 'answer';
    answer.add(blank + held);
    return answer.text();
  };

  const inside = (): string => {
    const end = held.indexOf(close);
    if (end < 0) {
      // The last characters may be the start of the closing tag.
      const kept = held.length - (close.length - 1);
      if (kept > 0) {
        reasoning.add(held.slice(0, kept));
        held = held.slice(kept);
      }
      return '';
    }
    reasoning.add(held.slice(0, end));
    const rest = held.slice(end + close.length);
    held = '';
    state = 'answer';
    return toAnswer(rest);
  };

  return {
    feed(text) {
      if (state === 'answer') return toAnswer(text);
      if (state === 'start') return atStart(text);
      held += text;
      return inside();
    },
    end() {
      // Without a closing tag, text that was only assumed to be reasoning is the answer.
      if (state === 'start' || (state === 'inside' && isAssumed)) {
        const unsent = blank + reasoning.text() + held;
        return { answer: unsent, reasoning: '', held: unsent, beganInside: false };
      }
      if (state === 'inside') reasoning.add(held);
      const whole = answer.text();
      const lone = reasoning.length === 0 ? LONE_CLOSE.exec(whole) : null;
      if (!lone) return { answer: whole, reasoning: reasoning.text().trim(), held: '', beganInside: isAssumed };
      const rest = whole.slice(lone.index + lone[0].length).trimStart();
      return { answer: rest, reasoning: whole.slice(0, lone.index).trim(), held: '', beganInside: true };
    },
  };
}
