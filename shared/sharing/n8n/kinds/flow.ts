import { celOf, type View, viewAt } from '../view.ts';
import { type At, type Kind, located, type Made, plain, record, rows, text } from './kind.ts';
import { formFieldName, formSchema } from './triggers.ts';

/* Wait, sub-workflows, and what ends a run. */

const UNITS = ['seconds', 'minutes', 'hours', 'days'];

const MINUTES: Readonly<Record<string, number>> = { minutes: 1, hours: 60, days: 1_440 };

/** The limit of a wait, in minutes. */
function limitOf({ params, note }: At): { dueInMinutes?: number } {
  if (params.limitWaitTime !== true) return {};
  note('After its time limit, this step fails. Choose a fallback or the error branch under Error handling to continue.');
  const minutes = Number(params.resumeAmount ?? 1) * (MINUTES[text(params.resumeUnit) || 'hours'] ?? Number.NaN);
  if (params.limitType === 'atSpecifiedTime' || !(minutes > 0 && minutes <= 525_600)) {
    note('Its time limit has no counterpart. Set *Due in*.');
    return {};
  }
  return { dueInMinutes: minutes };
}

/** n8n gives the whole request. Only its body arrives here. */
const callView =
  (output: string): View =>
  ([part, ...rest]) =>
    part === undefined ? { cel: `{"body": ${output}}` } : { root: output, path: part === 'body' ? rest : [part, ...rest] };

function waitForCall(at: At): Made {
  at.note('It continues when a request is sent to `run.callbacks` of this node. Headers and the query of the request are not kept.');
  return { type: 'callback', params: limitOf(at), item: callView(at.output) };
}

function waitForForm(at: At): Made {
  const { params, texts, output, note } = at;
  const { schema, left } = formSchema(record(params.formFields).values);
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = Object.entries(record(schema.properties));
  const long = new Set(rows(record(params.formFields).values).flatMap((field) => (field.fieldType === 'textarea' ? [formFieldName(field)] : [])));
  note('Its form is a review in the Inbox, which also has a link.');
  if (left.length > 0) note(`Its file fields (${left.join(', ').slice(0, 200)}) were left out.`);
  const fields = properties.map(([name, property]) => {
    const { type, enum: choices, title } = record(property);
    const kind = type === 'array' ? 'json' : Array.isArray(choices) ? 'choice' : long.has(name) ? 'long-text' : type === 'number' ? 'number' : 'text';
    return { name, label: text(title) || name, kind, value: '', required: required.has(name), ...(kind === 'choice' && { choices }) };
  });
  return {
    type: 'human-review',
    params: {
      title: texts.template(params.formTitle) || at.node.name.slice(0, 200),
      instructions: texts.template(params.formDescription),
      fields,
      decisions: [{ id: 'submit', title: 'Submit', requireFields: true }],
      ...limitOf(at),
    },
    item: viewAt(output, 'values'),
    port: (index) => (index === 0 ? 'submit' : undefined),
  };
}

const wait: Kind = (at) => {
  const { params, texts, json, list, node, note } = at;
  const resume = text(params.resume) || 'timeInterval';
  const isFirst = node.typeVersion < 1.1;
  if (resume === 'specificTime') {
    note('Its time needs a time zone here, for example 2027-01-31T09:00:00Z.');
    return { type: 'delay', params: { by: 'time', until: texts.template(params.dateTime) }, item: json, list };
  }
  if (resume === 'webhook') return waitForCall(at);
  if (resume === 'form') return waitForForm(at);
  if (resume !== 'timeInterval') return `it waits for “${resume.slice(0, 50)}”`;
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
