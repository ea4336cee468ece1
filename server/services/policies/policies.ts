import type { BodyOf, ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import {
  DEFAULT_RETENTION,
  NO_POLICY,
  type Policy,
  type PolicyContent,
  type previewPolicies as previewContract,
  type putPolicies as putContract,
} from '@switchyard/shared/contracts/policies.ts';
import { AppError, isAppError } from '@switchyard/shared/errors.ts';
import { DEEPEST_JSON, nestsDeeperThan } from '@switchyard/shared/json.ts';
import { readActor } from '@switchyard/shared/run/actor.ts';
import type { IncludedPolicy } from '@switchyard/shared/sharing/included.ts';
import type { z } from 'zod';
import { checkPatterns } from '../../redaction/check-patterns.ts';
import { explainText } from '../../redaction/explain-text.ts';
import { markFrom } from '../../redaction/placeholders.ts';
import { redactValue } from '../../redaction/redact-value.ts';
import { compileRules } from '../../redaction/rules.ts';
import { insertIfAbsent } from '../../store/insert-if-absent.ts';
import { type PolicyRecord, policies, policyContents } from '../../store/policy-collections.ts';
import { inTurns } from '../../turns.ts';
import { actorOf } from '../caller.ts';
import { recordChange } from '../changes/record-change.ts';
import { type ServiceContext, timestamp } from '../context.ts';
import { contentHash } from '../workflows/content-hash.ts';
import { getWorkflowRecord } from '../workflows/workflow-record.ts';

/* Use cases of data policies (S65). Each change is recorded (S68) and in force for the next run when it is acknowledged. */

export async function getPolicies(context: ServiceContext, workflowId: string): Promise<Policy> {
  await getWorkflowRecord(context, workflowId);
  return viewOf(context, workflowId, await context.store.get(policies, workflowId));
}

async function viewOf({ store, policies: library }: ServiceContext, workflowId: string, record: PolicyRecord | undefined): Promise<Policy> {
  const found = await library.counts.ofWorkflow(store, workflowId);
  if (!record) return { ...NO_POLICY, contentHash: contentHash(NO_POLICY), revision: 0, updatedAt: null, actor: null, found };
  const { content, contentHash: hash, revision, updatedAt, actor } = record;
  return {
    ...NO_POLICY,
    ...content,
    retention: { ...DEFAULT_RETENTION, ...content.retention },
    contentHash: hash,
    revision,
    updatedAt,
    actor: readActor(actor),
    found,
  };
}

/** Sets parts of a workflow’s policy. Throws `revision-conflict` if it was changed since `revision`. */
export async function putPolicies(context: ServiceContext, workflowId: string, body: z.output<(typeof putContract)['body']>): Promise<Policy> {
  await getWorkflowRecord(context, workflowId);
  checkPatterns(body.redaction ?? [], 'redaction');
  return viewOf(context, workflowId, await savePolicy(context, workflowId, body));
}

/** The same, but also works before the workflow is inserted: a run must never start without the policy. */
export async function savePolicy(
  context: ServiceContext,
  workflowId: string,
  { reason, revision: edited, ...parts }: z.output<(typeof putContract)['body']>,
): Promise<PolicyRecord> {
  const { store, workspaceId, caller } = context;
  const known = await store.get(policies, workflowId);
  const before = known?.revision ?? 0;
  if (edited !== undefined && edited !== before)
    throw new AppError('revision-conflict', 'This data policy was changed elsewhere. Reload it, then make your change again.');
  const content = contentWith(known?.content, parts);
  const hash = contentHash(content);
  const fields = { content, contentHash: hash, revision: before + 1, updatedAt: timestamp(context), actor: actorOf(caller) };
  // Before anything refers to it.
  await insertIfAbsent(store, policyContents, { id: hash, workspaceId, content, createdAt: fields.updatedAt });
  const record: PolicyRecord = { id: workflowId, workspaceId, ...fields };
  const change = {
    workspaceId,
    actor: actorOf(caller),
    subject: { kind: 'policy', id: workflowId },
    action: known ? 'update' : 'create',
    before: known?.content ?? null,
    after: content,
    reason,
    revision: fields.revision,
  } as const;
  const saved = await recordChange(context, change, async () =>
    known ? store.update(policies, workflowId, fields, { equal: { revision: before } }) : (await insertIfAbsent(store, policies, record)) ? record : undefined,
  );
  context.targets.forget(workflowId);
  return saved;
}

/** The policy of a workflow for a file. Undefined if nothing is set. */
export async function includedPolicy({ store }: Pick<ServiceContext, 'store'>, workflowId: string): Promise<IncludedPolicy | undefined> {
  const record = await store.get(policies, workflowId);
  if (!record) return undefined;
  const content = { ...NO_POLICY, ...record.content, retention: { ...DEFAULT_RETENTION, ...record.content.retention } };
  return contentHash(content) === contentHash(NO_POLICY) ? undefined : content;
}

/** A policy with some parts set. */
const contentWith = (
  known: Partial<PolicyContent> | undefined,
  parts: { readonly [K in keyof PolicyContent]?: PolicyContent[K] | undefined },
): PolicyContent => ({
  ...NO_POLICY,
  ...known,
  ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)),
});

/** What a text or value would become, and why. Marks of hashes are made up: real ones would tell which values the workspace has seen. */
export async function previewPolicies(
  context: ServiceContext,
  workflowId: string,
  { text, value, redaction }: BodyOf<typeof previewContract>,
): Promise<ReplyOf<typeof previewContract>> {
  await getWorkflowRecord(context, workflowId);
  if (nestsDeeperThan(DEEPEST_JSON, value)) throw new AppError('bad-request', `The value is nested more than ${DEEPEST_JSON} levels deep.`);
  checkPatterns(redaction ?? [], 'redaction');
  const rules = redaction ?? (await context.store.get(policies, workflowId))?.content.redaction ?? [];
  const mark = (name: string, normalized: string): string => markFrom(context.policies.secrets.keyedHash('preview', `${name} ${normalized}`));
  const found = new Map<string, number>();
  const redact = (given: unknown) => inTurns(redactValue({ rules: compileRules(rules), marks: { hash: mark, token: mark }, found }, given));
  const explained = () => ({ found: Object.fromEntries(found), ...explainText(rules, text ?? '') });
  try {
    const redacted = { ...(text !== undefined && { text: String(await redact(text)) }), ...(value !== undefined && { value: await redact(value) }) };
    return { ...redacted, ...explained(), refusedBy: null };
  } catch (thrown) {
    if (isAppError(thrown, 'redaction-refused')) return { ...explained(), refusedBy: String(thrown.details.detector) };
    throw thrown;
  }
}
