import type { InventoryItem } from '@switchyard/shared/contracts/insight/inventory.ts';
import { OPENINGS_KEPT_MS } from '../alert-rules/tidy-openings.ts';
import { CONVERSATIONS_KEPT_MS } from '../triggers/chat/conversations.ts';
import { COMPLETIONS_KEPT_MS } from '../webhooks/completions/completions.ts';
import { DELIVERIES_KEPT_MS } from '../webhooks/deliveries.ts';

type Kind = Omit<InventoryItem, 'place' | 'bytes'> & {
  /** The collections with this. */
  readonly collections: readonly string[];
};

const DAY_MS = 86_400_000;
const fixed = (ms: number) => ({ until: 'fixed', days: ms / DAY_MS }) as const;
const BY_WORKFLOW = { until: 'workflow', days: null } as const;
const UNTIL_DELETED = { until: 'deleted', days: null } as const;
const FOREVER = { until: 'forever', days: null } as const;

/** Everything that is kept. What no other kind has is a definition. */
export const KINDS: readonly Kind[] = [
  {
    kind: 'payloads',
    title: 'Run journals',
    holds: 'Inputs, outputs, prompts, and model responses. After the retention period, only steps, times, and costs.',
    kept: BY_WORKFLOW,
    access: ['read', 'status-url'],
    erasable: true,
    collections: ['journal', 'run_tokens', 'run_keys', 'kept_replies', 'signals'],
  },
  {
    kind: 'values',
    title: 'Large values and files',
    holds: 'Values over 64 KB, and files. Deleted up to two days after the last run or dataset that refers to them.',
    kept: BY_WORKFLOW,
    access: ['read'],
    erasable: true,
    collections: ['blobs', 'loose_blobs'],
  },
  {
    kind: 'runs',
    title: 'Runs',
    holds: 'Status, times, cost, and labels of each run, and its input and output until payloads are removed.',
    kept: BY_WORKFLOW,
    access: ['read'],
    erasable: true,
    collections: ['runs', 'ending_runs', 'removed_runs', 'connection_waits'],
  },
  {
    kind: 'reviews',
    title: 'Reviews, corrections, and feedback',
    holds: 'What reviewers saw, decided, and changed, and users’ feedback. Values are removed with the run’s payloads.',
    kept: BY_WORKFLOW,
    access: ['read', 'review-link'],
    erasable: true,
    collections: ['reviews', 'review_outcomes', 'corrections', 'feedback', 'exception_paths', 'exception_cases', 'authorities', 'authority_labels'],
  },
  {
    kind: 'requests',
    title: 'Webhook and trigger requests',
    holds: 'The time, method, size, and response status of each request. No bodies or addresses.',
    kept: fixed(DELIVERIES_KEPT_MS),
    access: ['read'],
    erasable: false,
    collections: ['delivery_pages', 'trigger_deliveries'],
  },
  {
    kind: 'chats',
    title: 'Chat conversations',
    holds: 'Which runs belong to a conversation. The messages are in those runs.',
    kept: fixed(CONVERSATIONS_KEPT_MS),
    access: ['chat-page'],
    erasable: false,
    collections: ['conversations'],
  },
  {
    kind: 'completions',
    title: 'Calls to completion URLs',
    holds: 'The URL and outcome of each call.',
    kept: fixed(COMPLETIONS_KEPT_MS),
    access: ['read'],
    erasable: false,
    collections: ['completions'],
  },
  {
    kind: 'calls',
    title: 'Usage',
    holds: 'Tokens, cost, and labels of each model call, and figures of runs by hour and day. No payloads.',
    kept: FOREVER,
    access: ['read'],
    erasable: false,
    collections: ['model_calls', 'roll_ups', 'budget_periods'],
  },
  {
    kind: 'alerts',
    title: 'Alert history',
    holds: 'When metrics of live runs crossed a threshold, with their values. No payloads.',
    kept: fixed(OPENINGS_KEPT_MS),
    access: ['read'],
    erasable: false,
    collections: ['alert_openings'],
  },
  {
    kind: 'tables',
    title: 'State and tables',
    holds: 'Values and rows stored by workflows. Erasing a customer deletes the rows last written by its runs.',
    kept: UNTIL_DELETED,
    access: ['read'],
    erasable: true,
    collections: ['state_entries', 'state_changes', 'tables', 'table_rows', 'row_changes'],
  },
  {
    kind: 'datasets',
    title: 'Datasets and experiments',
    holds: 'Items for evaluation, and results on them. Items from a run are removed with its payloads, unless a person keeps them.',
    kept: UNTIL_DELETED,
    access: ['read'],
    erasable: true,
    collections: [
      'datasets',
      'dataset_items',
      'dataset_item_versions',
      'judgments',
      'experiments',
      'experiment_items',
      'experiment_results',
      'replays',
      'replay_results',
    ],
  },
  {
    kind: 'secrets',
    title: 'Secrets',
    holds: 'API keys, passwords, and signing keys of connections, webhooks, and this installation. Encrypted.',
    kept: UNTIL_DELETED,
    access: ['none'],
    erasable: false,
    collections: ['connections', 'webhooks', 'signing_keys', 'daily_head_receivers'],
  },
  {
    kind: 'audit',
    title: 'Audit trail',
    holds: 'Who changed prompts, routes, policies, releases, and other settings, when, and why, receipts of erasures, and hashes of the runs of each day.',
    kept: FOREVER,
    access: ['read'],
    erasable: false,
    collections: ['changes', 'erasures', 'daily_heads', 'daily_head_pages'],
  },
  {
    kind: 'sign-ins',
    title: 'Sign-ins and API tokens',
    holds: 'Sessions with their browsers, and API tokens. Only hashes of their secrets.',
    kept: UNTIL_DELETED,
    access: ['admin'],
    erasable: false,
    collections: ['sessions', 'api_tokens', 'pending_sign_ins'],
  },
  {
    kind: 'definitions',
    title: 'Definitions',
    holds: 'Workflows with their versions, prompts, routes, policies, and settings.',
    kept: UNTIL_DELETED,
    access: ['read'],
    erasable: false,
    collections: [],
  },
];
