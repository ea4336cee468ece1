import { type Evidence, type EvidenceProblem, evidenceSchema, type Verification } from '@switchyard/shared/contracts/insight/evidence.ts';
import type { RunEvent } from '@switchyard/shared/run/events.ts';
import { type CommittedEvent, type CommittedTrigger, commitUnder, MissingPayload } from './commitments.ts';
import { dayHash, leafHash, rootFrom } from './day-chain.ts';
import { FORMAT, lastSeq, type RunStatement, remainsHash, rowHash, startHash } from './run-chain.ts';
import { isSignedBy, keyStatement } from './signatures.ts';

/*
 * Verifies the evidence of a run (S89), with nothing but the evidence and the keys that are trusted. Every field is covered: by the hash chain,
 * by a commitment, or by a signature. Pure: the server and the command line use the same code.
 */

/** What the verifier may rest on. Without trusted keys, evidence is only shown to be signed by the keys in it. */
export interface Trust {
  readonly publicKeys?: readonly string[] | undefined;
  /** The hash of the daily head that the run must be in, as it was kept outside. */
  readonly dayHead?: string | undefined;
}

const MOST_PROBLEMS = 100;
/** These leave what remains beyond doubt. */
const GAPS: readonly EvidenceProblem['code'][] = ['removed', 'open', 'older'];

type Report = (code: EvidenceProblem['code'], where: string, message: string) => void;

/** Verifies evidence as it was read from JSON. Never throws. */
export function verifyRun(value: unknown, trust: Trust): Verification {
  const problems: EvidenceProblem[] = [];
  const report: Report = (code, where, message) => {
    problems.push({ code, where, message });
  };
  const parsed = evidenceSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    report('unreadable', issue?.path.join('.') ?? '', `This is not evidence of a run: ${issue?.message ?? 'unknown format'}.`);
    return verdictOf(problems);
  }
  const evidence = parsed.data;
  problems.push(...evidence.problems);
  if (!evidence.problems.some(({ code }) => code === 'no-chain')) checkChain(evidence, trust, report);
  return verdictOf(problems);
}

/** The verdict over problems, the worst of them first. */
export function verdictOf(problems: readonly EvidenceProblem[]): Verification {
  const isInvalid = problems.some(({ code }) => code !== 'no-chain' && !GAPS.includes(code));
  const verdict = isInvalid ? 'invalid' : problems.some(({ code }) => code === 'no-chain') ? 'no-chain' : problems.length > 0 ? 'incomplete' : 'valid';
  // What makes evidence invalid comes first, so it is not lost in a long list of removed parts.
  const ordered = [...problems].sort((a, b) => Number(GAPS.includes(a.code)) - Number(GAPS.includes(b.code)));
  return { verdict, problems: ordered.slice(0, MOST_PROBLEMS) };
}

function checkChain(evidence: Evidence, trust: Trust, report: Report): void {
  const { head, journal } = evidence;
  if (head === null || evidence.input === null) {
    report('missing', 'head', 'The end of the chain is missing.');
    return;
  }
  const last = journal === null ? journalRemoved(report) : checkRows(evidence, journal, report);
  if (last && (last.seq !== head.seq || last.hash !== head.hash))
    report('cut', 'journal', `The journal doesn’t end where the chain does, at event ${head.seq}.`);
  if (!head.ended) report('open', 'run', 'The run had not ended, so the end of its chain is not final.');
  else if (last && !last.ends) report('cut', 'journal', 'The run ended, but its journal doesn’t contain the end.');
  checkSignature(evidence, trust, report);
  checkDay(evidence, head, trust, report);
}

/** Checks that the run is in its daily head as it is, and that the head is the one that is known. */
function checkDay({ runId, day, keys }: Evidence, { seq, hash, ended }: NonNullable<Evidence['head']>, { dayHead }: Trust, report: Report): void {
  if (!day) {
    if (dayHead !== undefined) report('missing', 'day', 'This evidence contains no daily head. It is added from the day after the run ended.');
    return;
  }
  const { hash: dayEnd, signature, ...statement } = day.head;
  const key = keys.find(({ number }) => number === signature.key);
  if (dayHead !== undefined && dayEnd !== dayHead) report('changed', 'day', 'The daily head is not the expected one.');
  if (dayHash(statement) !== dayEnd) report('changed', 'day', 'The daily head was changed.');
  if (!key || !isSignedBy(key.publicKey, statement, signature.value)) report('unsigned', 'day', 'The daily head is not signed by one of the keys.');
  if (!ended || rootFrom(leafHash({ runId, seq, head: hash }), day.index, statement.runs, day.path) !== statement.root)
    report('changed', 'day', 'The run was changed after its day was closed.');
}

function journalRemoved(report: Report): undefined {
  report('removed', 'journal', 'The journal was removed. Only the end of its chain is left.');
}

interface Last {
  readonly seq: number;
  readonly hash: string;
  readonly ends: boolean;
}

/** Recomputes the chain. Undefined if it is broken. */
function checkRows({ runId, salt, input }: Evidence, rows: NonNullable<Evidence['journal']>, report: Report): Last | undefined {
  try {
    const trigger = input as unknown as CommittedTrigger;
    if (trigger.commitment !== undefined) report('removed', 'input', 'The run’s input was removed.');
    const commit = commitUnder(salt);
    let previous = startHash(runId, commit, trigger);
    let next = 1;
    for (const { seq, epoch, events: stored, hash } of rows) {
      const events = stored as unknown as CommittedEvent[];
      if (seq !== next) report('missing', `event ${next}`, `Events ${next} to ${seq - 1} are missing.`);
      previous = rowHash(previous, runId, commit, { seq, epoch, events });
      if (previous !== hash) {
        report('changed', `events ${seq} to ${seq + events.length - 1}`, 'This row or one before it was changed.');
        return undefined;
      }
      reportRemoved(events, seq, report);
      next = seq + events.length;
    }
    const end = rows.at(-1)?.events.at(-1) as unknown as RunEvent | undefined;
    return { seq: lastSeq(rows), hash: previous, ends: end?.type === 'run-finished' };
  } catch (thrown) {
    const isMissing = thrown instanceof MissingPayload;
    report(isMissing ? 'missing' : 'changed', 'journal', isMissing ? 'A payload was removed without its commitment.' : 'An event can’t be read.');
    return undefined;
  }
}

function reportRemoved(events: readonly CommittedEvent[], seq: number, report: Report): void {
  for (const [index, event] of events.entries()) {
    if (event.commitment === undefined) continue;
    const of = 'stepId' in event ? ` of ${event.stepId}` : '';
    report('removed', `event ${seq + index}`, `The payload of ${event.type}${of} was removed.`);
  }
}

function checkSignature({ runId, journal, input, head, signature, keys }: Evidence, trust: Trust, report: Report): void {
  if (!head) return;
  const remains = remainsHash(input as unknown as CommittedTrigger, journal ?? []);
  const statement: RunStatement = { format: FORMAT, runId, seq: head.seq, head: head.hash, ended: head.ended, remains };
  checkSigned(statement, { signature, keys }, trust, report);
}

/** Checks the signature of a statement, and its keys. */
export function checkSigned(statement: object, { signature, keys }: Pick<Evidence, 'signature' | 'keys'>, { publicKeys }: Trust, report: Report): void {
  const key = keys.at(-1);
  if (!signature || !key || key.number !== signature.key) {
    report('unsigned', 'signature', 'The end of the chain is not signed by the newest key.');
    return;
  }
  checkKeys(keys, report);
  if (publicKeys && !publicKeys.includes(key.publicKey)) report('unknown-key', 'signature', 'This key is not trusted.');
  if (!isSignedBy(key.publicKey, statement, signature.value)) report('unsigned', 'signature', 'The signature doesn’t match the end of the chain.');
}

/** Each key signs itself, and is confirmed by the key before it. */
function checkKeys(keys: Evidence['keys'], report: Report): void {
  for (const [index, key] of keys.entries()) {
    const before = keys[index - 1];
    const statement = keyStatement(key);
    const isOwn = isSignedBy(key.publicKey, statement, key.signature);
    const isNext = !before || (key.number === before.number + 1 && key.previous === before.publicKey);
    const isEndorsed = key.endorsement === null || (before !== undefined && isSignedBy(before.publicKey, statement, key.endorsement));
    if (!isOwn || !isNext || !isEndorsed) report('changed', `key ${key.number}`, 'This key was changed, or doesn’t follow the key before it.');
  }
}
