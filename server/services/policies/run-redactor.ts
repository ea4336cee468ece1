import { AppError } from '@switchyard/shared/errors.ts';
import { markFrom } from '../../redaction/placeholders.ts';
import { createTextStream, type Marks, type Redacting, type TextStream } from '../../redaction/redact-text.ts';
import { redactValue } from '../../redaction/redact-value.ts';
import type { CompiledRules } from '../../redaction/rules.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { WorkspaceStore } from '../../store/port.ts';
import { inTurns } from '../../turns.ts';
import type { FoundCounts } from './found-counts.ts';
import { keepTokens, type RedactedRun } from './token-vault.ts';

/*
 * Redacts the values that enter one run (S65). Invariants: 1. A token is stored before a value that contains it is returned. 2. Equal values
 * have equal hashes in a workspace, and equal tokens in a run, on every process.
 */

export interface RunRedactor {
  /** A value as the run may have it. `path` names where it comes from. Throws `redaction-refused`. */
  value<T>(value: T, path?: readonly string[]): Promise<T>;
  /** The same, only to be shown: its tokens are not stored. */
  shown<T>(value: T): Promise<T>;
  /** The same, with how often each detector found something. */
  counted<T>(value: T): Promise<{ readonly value: T; readonly found: Readonly<Record<string, number>> }>;
  /** The same error without values in its texts. */
  error(thrown: unknown): Promise<unknown>;
  /** For text that arrives in parts. Its tokens are not stored: the whole text is redacted again at its end. */
  stream(): TextStream;
}

interface Parts {
  readonly store: WorkspaceStore;
  readonly secrets: Pick<Secrets, 'keyedHash' | 'seal'>;
  readonly counts: FoundCounts;
  readonly rules: CompiledRules;
  readonly run: RedactedRun;
}

export function createRunRedactor({ store, secrets, counts, rules, run }: Parts): RunRedactor {
  const mark = (purpose: string, name: string, text: string): string => markFrom(secrets.keyedHash(purpose, `${name} ${text}`));
  const marksFor = (tokens: Map<string, unknown>): Marks => ({
    hash: (name, text) => mark(`hash ${run.workspaceId}`, name, text),
    token: (name, text, value) => {
      const made = mark(`token ${run.runId}`, name, text);
      if (!tokens.has(made)) tokens.set(made, value);
      return made;
    },
  });

  const redact = async <T>(
    value: T,
    path: readonly string[],
    { keepsTokens = true, ...more }: Partial<Pick<Redacting, 'skipNumbers' | 'found'>> & { readonly keepsTokens?: boolean } = {},
  ): Promise<T> => {
    if (rules.isEmpty) return value;
    const tokens = new Map<string, unknown>();
    const { found = new Map<string, number>() } = more;
    try {
      const redacted = await inTurns(redactValue({ rules, marks: marksFor(tokens), ...more, found }, value, path));
      if (keepsTokens) await keepTokens(store, secrets, run, tokens);
      return redacted as T;
    } finally {
      counts.note(run, found);
    }
  };

  return {
    value: (value, path = []) => redact(value, path),
    shown: (value) => redact(value, [], { keepsTokens: false }),
    counted: async (value) => {
      const found = new Map<string, number>();
      const redacted = await redact(value, [], { found });
      return { value: redacted, found: Object.fromEntries(found) };
    },
    error: async (thrown) => {
      if (!(thrown instanceof AppError) || thrown.code === 'redaction-refused') return thrown;
      const { code, place, retryAfterMs, beforeEffect } = thrown;
      const { message, fields, details } = await redact({ message: thrown.message, fields: thrown.fields, details: thrown.details }, [], { skipNumbers: true });
      return new AppError(code, message, { place, fields, details: { ...details }, retryAfterMs, beforeEffect });
    },
    stream: () => createTextStream({ rules, marks: marksFor(new Map()), found: new Map() }),
  };
}
