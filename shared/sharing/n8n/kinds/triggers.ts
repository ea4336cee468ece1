import { celOf, type View, viewAt } from '../view.ts';
import { type Kind, type Made, plain, record, rows, text } from './kind.ts';

/* Nodes that start a workflow. All become the Input node. */

const anything = { type: 'object' };

const input = (schema: Record<string, unknown> = anything): Made => ({
  type: 'input',
  params: { schema, samples: [] },
  item: viewAt('input'),
  list: '[input]',
});

/** n8n passes on the whole request. */
const requestView: View = (path) => {
  const [part, ...rest] = path;
  if (part === 'body') return { root: 'input', path: rest };
  if (part === 'headers' || part === 'query') return { root: 'trigger', path: [part, ...rest] };
  return part === undefined ? { cel: '{"body": input, "headers": trigger.headers, "query": trigger.query}' } : { root: 'input', path };
};

const webhook: Kind = ({ params, note }) => {
  const authentication = text(params.authentication);
  if (authentication !== '' && authentication !== 'none') note(`The webhook checked “${authentication}”. Set its authentication under Webhook.`);
  if (params.httpMethod === 'GET') note('The webhook was called with GET. Here, it is called with POST and a JSON body.');
  return { ...input(), item: requestView, list: `[${celOf(requestView([]))}]` };
};

const FORM_TYPES: Readonly<Record<string, Record<string, unknown>>> = {
  number: { type: 'number' },
  date: { type: 'string', format: 'date' },
  email: { type: 'string', format: 'email' },
};

export const formFieldName = (field: Record<string, unknown>): string => text(field.fieldName) || text(field.fieldLabel);

/** Fields of a form as a schema, by their labels, or since version 2.3 by their names. */
export function formSchema(values: unknown): { readonly schema: Record<string, unknown>; readonly left: readonly string[] } {
  const all = rows(values).filter(({ fieldType }) => fieldType !== 'html');
  const files = all.filter(({ fieldType }) => fieldType === 'file');
  const fields = all.filter((field) => field.fieldType !== 'file' && formFieldName(field) !== '');
  const properties = Object.fromEntries(fields.map((field) => [formFieldName(field), fieldSchema(field, formFieldName(field))]));
  const required = fields.filter(({ requiredField }) => requiredField === true).map(formFieldName);
  return { schema: { type: 'object', properties, ...(required.length > 0 && { required }) }, left: files.map(formFieldName) };
}

const form: Kind = ({ params, note }) => {
  const { schema, left } = formSchema(record(params.formFields).values);
  if (left.length > 0) note(`Its file fields (${left.join(', ').slice(0, 200)}) were left out.`);
  return input(schema);
};

function fieldSchema({ fieldType, fieldOptions, fieldLabel, multiselect, placeholder }: Record<string, unknown>, name: string): Record<string, unknown> {
  const options = rows(record(fieldOptions).values)
    .map(({ option }) => text(option))
    .filter((option) => option !== '');
  const about = {
    ...(text(fieldLabel) !== '' && text(fieldLabel) !== name && { title: text(fieldLabel) }),
    ...(text(placeholder) !== '' && { description: text(placeholder) }),
  };
  const chosen = { type: 'string', enum: [...new Set(options)] };
  if (options.length > 0 && (fieldType === 'checkbox' || multiselect === true)) return { type: 'array', items: chosen, ...about };
  if (options.length > 0 && (fieldType === 'dropdown' || fieldType === 'radio')) return { ...chosen, ...about };
  return { ...(FORM_TYPES[text(fieldType)] ?? { type: 'string' }), ...about };
}

const scheduleView: View = (path) => (path[0] === 'timestamp' ? { root: 'run', path: ['startedAt', ...path.slice(1)] } : { root: 'input', path });

const schedule: Kind = () => ({ ...input(), item: scheduleView });

const chat: Kind = () => input({ type: 'object', properties: { chatInput: { type: 'string' }, sessionId: { type: 'string' } }, required: ['chatInput'] });

const CALL_TYPES: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'boolean', array: 'array', object: 'object' };

const called: Kind = ({ params }) => {
  const fields = rows(record(params.workflowInputs).values).filter(({ name }) => text(name) !== '');
  const properties = Object.fromEntries(fields.map(({ name, type }) => [plain(name), CALL_TYPES[text(type)] ? { type: CALL_TYPES[text(type)] } : {}]));
  return input(fields.length > 0 ? { type: 'object', properties } : anything);
};

export const triggers: Readonly<Record<string, Kind>> = {
  'n8n-nodes-base.webhook': webhook,
  'n8n-nodes-base.formTrigger': form,
  'n8n-nodes-base.scheduleTrigger': schedule,
  'n8n-nodes-base.cron': schedule,
  'n8n-nodes-base.interval': schedule,
  '@n8n/n8n-nodes-langchain.chatTrigger': chat,
  'n8n-nodes-base.executeWorkflowTrigger': called,
  'n8n-nodes-base.manualTrigger': () => input(),
  'n8n-nodes-base.start': () => input(),
};

/** The trigger that becomes the Input node if there are several: the one with the most to read from. */
export const TRIGGER_ORDER: readonly string[] = Object.keys(triggers);
