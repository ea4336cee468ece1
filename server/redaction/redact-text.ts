import { AppError } from '@switchyard/shared/errors.ts';
import { unfinishedEmail } from './detectors/email.ts';
import { type ResolvedText, resolveEscapes } from './escapes.ts';
import { hashOf, maskOf, tokenOf } from './placeholders.ts';
import type { CompiledRules, Match, Treatment } from './rules.ts';

/*
 * Redacts text of any length, also while it arrives. Long text is read through a window, so no step takes long. Invariants: 1. Nothing of a
 * value is returned before it is known to be one. 2. A stream holds back at most 64 characters, however they are spelled, and the value it is
 * in the middle of.
 */

/** Makes the marks of hashes and tokens. `name` is the detector's, `text` the normalized value. */
export interface Marks {
  hash(name: string, text: string): string;
  /** Keeps `value` for restoring it. Equal texts have equal tokens. */
  token(name: string, text: string, value: unknown): string;
}

/** One value being redacted: what makes its marks, and what was found so far. */
export interface Redacting {
  readonly rules: CompiledRules;
  readonly marks: Marks;
  /** How often each detector found something. */
  readonly found: Map<string, number>;
  /** Numbers stay as they are: the value is ours, with texts from outside in it. */
  readonly skipNumbers?: boolean;
}

/** What replaces a value. `text` is the value as text. Throws `redaction-refused`. */
export function replacement({ marks, found }: Pick<Redacting, 'marks' | 'found'>, treatment: Treatment, text: string, value: unknown = text): string {
  const { name, action, keepLast, normalized } = treatment;
  found.set(name, (found.get(name) ?? 0) + 1);
  switch (action) {
    case 'mask':
      return maskOf(name, keepLast === 0 ? '' : [...text].slice(-keepLast).join(''));
    case 'hash':
      return hashOf(name, marks.hash(name, normalized(text)));
    case 'tokenise':
      return tokenOf(name, marks.token(name, normalized(text), value));
    case 'refuse':
      throw new AppError('redaction-refused', `The data policy of this workflow doesn’t accept values like this one: ${name}.`, {
        details: { detector: name },
      });
  }
}

/** How much of a stream is held back. Longer than any value except email addresses and matches of own patterns. */
const STREAM_HOLD = 64;
/** The same for text that is already complete, which need not be quick. */
const TEXT_HOLD = 512;
const WINDOW = 4_096;
/** The longest spelling of one character that is waited for. */
const LONGEST_SPELLING = 16;
/** Characters before the window that detectors may look at. */
const CONTEXT = 64;
/** A match this close to the end of the window may continue. */
const MAY_GROW = 16;
const LONGEST_MATCH = 4_000;

export interface TextStream {
  /** Takes the next part of a text. Returns what can be passed on. */
  push(text: string): string;
  /** The rest. */
  end(): string;
}

/** Redacts a text that arrives in parts. */
export function createTextStream(redacting: Redacting, hold = STREAM_HOLD): TextStream {
  const { rules } = redacting;
  let before = '';
  let pending = '';

  /** Redacts the pending text up to a position. Returns what can be passed on. */
  const advance = (isLast: boolean): string => {
    const window = before + pending;
    const own = before.length;
    const resolved = resolveEscapes(window);
    const cut = isLast ? window.length : settledEnd({ window, resolved, own, hold }, rules);
    let at = own;
    let out = '';
    for (const match of rules.matches(window, resolved)) {
      if (match.end <= at) continue;
      const start = Math.max(match.start, at);
      if (start >= cut) break;
      out += window.slice(at, start);
      at = start;
      if (!isLast && mayGrow(match, window)) return moveTo(window, at, out);
      out += replacement(redacting, match.treatment, window.slice(start, match.end));
      at = match.end;
    }
    if (at < cut) out += window.slice(at, cut);
    return moveTo(window, Math.max(at, cut), out);
  };
  const moveTo = (window: string, at: number, out: string): string => {
    before = window.slice(Math.max(0, at - CONTEXT), at);
    pending = window.slice(at);
    return out;
  };

  return {
    push: (text) => {
      pending += text;
      return pending.length <= hold ? '' : advance(false);
    },
    end: () => advance(true),
  };
}

const mayGrow = ({ start, end }: Match, window: string): boolean => end + MAY_GROW > window.length && end - start < LONGEST_MATCH;

interface Settling {
  readonly window: string;
  readonly resolved: ResolvedText | undefined;
  /** Where the pending text starts. */
  readonly own: number;
  readonly hold: number;
}

/** Up to where no value can still be incomplete. Never within a surrogate pair or another spelling of a character. */
function settledEnd({ window, resolved, own, hold }: Settling, { hasEmails }: CompiledRules): number {
  const unfinished = (text: string): number => (hasEmails ? unfinishedEmail(text) : undefined) ?? text.length;
  let settled = Math.min(window.length - hold, unfinished(window));
  if (resolved) {
    const held = Math.min(resolved.text.length - hold, unfinished(resolved.text));
    settled = Math.max(window.length - hold * LONGEST_SPELLING, Math.min(settled, resolved.start(Math.max(0, held))));
    while (settled > own && resolved.isInside(settled)) settled--;
  }
  settled = Math.max(own, settled);
  const code = window.charCodeAt(settled - 1);
  return settled > own && code >= 0xd800 && code <= 0xdbff ? settled - 1 : settled;
}

/** Redacts a short text at once. */
export function redactShort(redacting: Redacting, text: string): string {
  const matches = redacting.rules.matches(text);
  if (matches.length === 0) return text;
  let out = '';
  let at = 0;
  for (const { start, end, treatment } of matches) {
    out += text.slice(at, start) + replacement(redacting, treatment, text.slice(start, end));
    at = end;
  }
  return out + text.slice(at);
}

/** A text up to this length is redacted in one step. */
export const SHORT_TEXT = WINDOW;

/** Redacts a text of any length in steps, each short. */
export function* redactLong(redacting: Redacting, text: string): Generator<void, string> {
  const stream = createTextStream(redacting, TEXT_HOLD);
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += WINDOW) {
    parts.push(stream.push(text.slice(at, at + WINDOW)));
    yield;
  }
  parts.push(stream.end());
  const redacted = parts.join('');
  return redacted === text ? text : redacted;
}
