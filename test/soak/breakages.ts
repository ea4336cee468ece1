import type { Breakage } from './broken-build.ts';

/*
 * The places where the scenarios break the sources on purpose. They are in one file, so `pnpm test` can check that the sources still
 * contain them.
 */

/** Journals lose the steps that ended. */
export const FORGETS_WHAT_FINISHED: Breakage = {
  file: 'shared/run/upcast.ts',
  text: 'return events.map(',
  instead: "return { map: (read) => events.map(read).filter((event) => event.type !== 'step-finished' || event.stepId.startsWith('start')) }.map(",
};

/** A repeated call starts another run. */
export const KEEPS_NO_KEYS: Breakage = {
  file: 'server/services/runs/accept-run.ts',
  text: 'idempotencyKey: run.key?.name ?? null',
  instead: 'idempotencyKey: null',
};

/** Every simultaneous decision counts. */
export const LETS_ALL_DECIDE: Breakage = {
  file: 'server/services/reviews/decide-review.ts',
  text: 'id: signalId(review.runId, review.waitId),',
  instead: 'id: signalId(review.runId, review.waitId) + Math.random(),',
};

const SIGNATURES = 'server/services/webhooks/signatures.ts';

export const COMPARES_NO_SIGNATURES: Breakage = {
  file: SIGNATURES,
  text: 'return anyEqual(claim.given, expected) ? undefined',
  instead: 'return true ? undefined',
};
export const KNOWS_NO_CLOCK: Breakage = { file: SIGNATURES, text: 'Math.abs(now / 1_000 - Number(time)) > TOLERANCE_S', instead: 'false' };
export const LETS_OLD_SECRETS_COUNT: Breakage = { file: SIGNATURES, text: 'validUntil === null || validUntil > call.now', instead: 'true' };

/** The run keeps the caller's `authorization` header. */
export const KEEPS_THE_SIGN_IN: Breakage = { file: 'server/http/hooks/parse-call.ts', text: "'authorization connection", instead: "'connection" };
/** A provider's error may contain the API key. */
export const REPEATS_THE_PROVIDER: Breakage = { file: 'server/models/providers/provider-errors.ts', text: "text.replaceAll(secret, '…')", instead: 'text' };

/** What a run starts with is not redacted. */
export const LETS_VALUES_IN: Breakage = {
  file: 'server/services/policies/enter-run.ts',
  text: 'await redactor.value(values);',
  instead: '(await redactor.value(values), values);',
};
/** Runs that are not logged in full keep their payloads. */
export const KEEPS_PAYLOADS: Breakage = { file: 'server/services/policies/ended-runs.ts', text: 'if (policy?.removesPayloads) {', instead: 'if (false) {' };

/** Calls in progress don't count. */
export const IGNORES_RESERVATIONS: Breakage = {
  file: 'server/services/money/budget-ledger.ts',
  text: 'if (spent.settledMicros + spent.reservedMicros + micros > hard) return undefined;',
  instead: 'if (spent.settledMicros + micros > hard) return undefined;',
};

/** Parses a long JSON text again from every 400th character. */
export const READS_JSON_AGAIN_AND_AGAIN: Breakage = {
  file: 'shared/read-json.ts',
  text: 'if (text.length > LONG) checkDepth(text, limits.maxDepth);',
  instead: 'if (text.length > LONG) for (let from = 0; from < text.length; from += 400) checkDepth(text.slice(from), limits.maxDepth);',
};

/* The next version of this program, for upgrades: it knows one more node type, and other events. */
export const HAS_ANOTHER_NODE: Breakage = {
  file: 'nodes/catalog.ts',
  text: '  humanReview,\n',
  instead: "  humanReview,\n  { ...transform, type: 'reshape' },\n",
};
/** Runs with reviews, or with the new node type, get events that only the next version knows. */
const adds = (nodeType: string): Breakage => ({
  file: 'shared/run/event-versions.ts',
  text: 'const ADDED: AddedEvents = {',
  instead: `const ADDED: AddedEvents = { 'step-waiting': { since: 99, by: ['${nodeType}'] },`,
});
export const ADDS_EVENTS_TO_REVIEWS: Breakage = adds('human-review');
export const ADDS_EVENTS_TO_NEW_NODE: Breakage = adds('reshape');
