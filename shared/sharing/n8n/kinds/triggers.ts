import { celOf, type View, viewAt } from '../view.ts';
import { type At, type Kind, type Made, plain, record, rows, text } from './kind.ts';

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

const form: Kind = ({ params, note }) => {
  const fields = rows(record(params.formFields).values).filter(({ fieldLabel }) => text(fieldLabel) !== '');
  const properties = Object.fromEntries(fields.map((field) => [text(field.fieldLabel), fieldSchema(field)]));
  const required = fields.filter(({ requiredField }) => requiredField === true).map(({ fieldLabel }) => text(fieldLabel));
  note('The form became the fields of the Input node. Add a form as a trigger of the workflow.');
  return input({ type: 'object', properties, ...(required.length > 0 && { required }) });
};

function fieldSchema({ fieldType, fieldOptions }: Record<string, unknown>): Record<string, unknown> {
  const options = rows(record(fieldOptions).values)
    .map(({ option }) => text(option))
    .filter((option) => option !== '');
  if (fieldType === 'dropdown' && options.length > 0) return { type: 'string', enum: [...new Set(options)] };
  return FORM_TYPES[text(fieldType)] ?? { type: 'string' };
}

const scheduleView: View = (path) => (path[0] === 'timestamp' ? { root: 'run', path: ['startedAt', ...path.slice(1)] } : { root: 'input', path });

/** `every 2 hours`, `cron 0 9 * * 1` */
function scheduleOf({ params }: At): string {
  const given = rows(record(params.rule).interval).concat(rows(record(params.triggerTimes).item));
  const said = given.map((one) => {
    const field = text(one.field ?? one.mode);
    if (one.expression ?? one.cronExpression) return `cron ${text(one.expression ?? one.cronExpression)}`;
    const hour = one.triggerAtHour ?? one.hour;
    const at = hour === undefined ? '' : ` at ${text(hour).padStart(2, '0')}:${text(one.triggerAtMinute ?? one.minute ?? 0).padStart(2, '0')}`;
    const count = Number(one[`${field}Interval`] ?? one.value ?? 1);
    return `${field === '' ? 'every day' : `every ${count > 1 ? `${count} ` : ''}${field}`}${at}`;
  });
  return said.join(' and ') || text(params.cronExpression) || 'its interval';
}

const schedule: Kind = (at) => {
  at.note(`It ran on a schedule (${scheduleOf(at).slice(0, 200)}). Add that schedule as a trigger of the workflow.`);
  return { ...input(), item: scheduleView };
};

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
