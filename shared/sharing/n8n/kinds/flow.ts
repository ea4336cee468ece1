import { celOf } from '../view.ts';
import { type Kind, located, plain, record, rows, text } from './kind.ts';

/* Wait, sub-workflows, and what ends a run. */

const UNITS = ['seconds', 'minutes', 'hours', 'days'];

const wait: Kind = ({ params, texts, json, list, node, note }) => {
  const resume = text(params.resume) || 'timeInterval';
  const isFirst = node.typeVersion < 1.1;
  if (resume === 'specificTime') {
    note('Its time needs a time zone here, for example 2027-01-31T09:00:00Z.');
    return { type: 'delay', params: { by: 'time', until: texts.template(params.dateTime) }, item: json, list };
  }
  if (resume !== 'timeInterval') return `it waits for ${resume === 'form' ? 'a form. Use a Human review node' : 'a call. Use a Human review node'}`;
  const unit = text(params.unit) || (isFirst ? 'hours' : 'seconds');
  if (!UNITS.includes(unit)) return 'its unit of time has no counterpart';
  return { type: 'delay', params: { by: 'duration', amount: texts.template(params.amount ?? (isFirst ? 1 : 5)), unit }, item: json, list };
};

const execute: Kind = ({ params, texts, json, note }) => {
  const source = text(params.source) || 'database';
  if (source !== 'database') return 'the workflow is in its settings';
  const given = record(params.workflowId);
  const name = text(given.cachedResultName) || plain(located(params.workflowId));
  const values = record(record(params.workflowInputs).value);
  const input = Object.keys(values).length > 0 ? texts.tree(values) : `{{ ${celOf(json([]))} }}`;
  note(`Import and publish the workflow “${name.slice(0, 100)}”, and choose it here.`);
  return { type: 'workflow', params: { workflowId: '', version: 'live', input, wait: record(params.options).waitForSubWorkflow !== false } };
};

const respond: Kind = ({ params, texts, json, list, note, isInLoop }) => {
  if (isInLoop) return 'it responds from inside a For-each. Move it behind the For-each';
  const kind = text(params.respondWith) || 'firstIncomingItem';
  const options = record(params.options);
  const headers = rows(record(options.responseHeaders).entries).map(({ name, value }) => ({ name: plain(name), value: texts.template(value) }));
  const status = options.responseCode === undefined ? {} : { status: texts.template(options.responseCode) };
  const common = { ...status, ...(headers.length > 0 && { headers }) };
  if (kind === 'json') return { type: 'output', params: { value: texts.tree(params.responseBody), ...common } };
  if (kind === 'text') return { type: 'output', params: { value: texts.template(params.responseBody), valueAs: 'text', ...common } };
  if (kind === 'noData') return { type: 'output', params: { value: null, ...common } };
  if (kind === 'firstIncomingItem') return { type: 'output', params: { value: `{{ ${celOf(json([]))} }}`, ...common } };
  if (kind === 'allIncomingItems') return { type: 'output', params: { value: `{{ ${list} }}`, ...common } };
  if (kind === 'redirect') note('It redirected the caller.');
  return kind === 'redirect'
    ? { type: 'output', params: { value: null, status: '307', headers: [{ name: 'Location', value: texts.template(params.redirectURL) }] } }
    : `it responds with ${kind === 'binary' ? 'a file' : `“${kind.slice(0, 50)}”`}`;
};

const stop: Kind = ({ params, texts, isInLoop }) => {
  if (isInLoop) return 'it stops from inside a For-each';
  const value = params.errorType === 'errorObject' ? texts.tree(params.errorObject) : { error: texts.template(params.errorMessage) };
  return { type: 'output', params: { value, status: '500', outcome: 'failure' } };
};

const sticky: Kind = ({ params }) => ({ type: 'note', params: { text: text(params.content).slice(0, 10_000) || '**Note**' } });

export const flowKinds: Readonly<Record<string, Kind>> = {
  'n8n-nodes-base.wait': wait,
  'n8n-nodes-base.executeWorkflow': execute,
  'n8n-nodes-base.respondToWebhook': respond,
  'n8n-nodes-base.stopAndError': stop,
  'n8n-nodes-base.stickyNote': sticky,
};
