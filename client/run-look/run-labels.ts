import type { TriggerKind } from '@switchyard/shared/run/events.ts';

/** The label of each trigger. */
export const TRIGGER_LABELS: Readonly<Record<TriggerKind, string>> = {
  webhook: 'Webhook',
  'test-webhook': 'Test webhook',
  canvas: 'Canvas',
  api: 'API',
  openai: 'OpenAI API',
  rerun: 'Rerun',
  workflow: 'Workflow',
  schedule: 'Schedule',
  'workflow-ended': 'Workflow ended',
  error: 'Failed run',
  form: 'Form',
  chat: 'Chat',
  queue: 'Queue',
  replay: 'Replay',
  shadow: 'Shadow',
  experiment: 'Experiment',
};

/** `v7`, or `draft`. */
export const versionLabel = (version: 'draft' | number): string => (version === 'draft' ? 'draft' : `v${version}`);

/** The end of a run’s ID, enough to tell runs apart. */
export const shortId = (id: string): string => id.replace(/^[a-z]+[_-]/, '').slice(-6);
