import { isPlainObject } from '../../../json.ts';
import type { View } from '../view.ts';
import { type At, type Kind, located, type Made, plain, record, rows, text } from './kind.ts';

/* Chains with a model. The model nodes under them become a model route. */

/** The route for the model that a chain used, which the note names. */
function routeOf({ helpers, note, params }: At): string {
  const model = helpers.find(({ kind }) => kind === 'ai_languageModel')?.node;
  const name = plain(located(model?.parameters.model ?? model?.parameters.modelName ?? params.modelId ?? params.model)) || model?.name;
  note(`It used ${name ? `the model “${name.slice(0, 100)}”` : 'a model'}. Here, it uses the route “fast”: choose its models under Models.`);
  return 'fast';
}

const TYPES = new Set(['string', 'number', 'boolean', 'array', 'object', 'integer']);

/** A schema from an example, or as given. */
function schemaOf(params: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const isExample = params.schemaType === 'fromJson' || (params.jsonSchema === undefined && params.inputSchema === undefined);
  const given = params[isExample ? 'jsonSchemaExample' : params.inputSchema === undefined ? 'jsonSchema' : 'inputSchema'];
  try {
    const value: unknown = JSON.parse(text(given).replace(/^=/, ''));
    return isExample ? exampleSchema(value) : isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function exampleSchema(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) return { type: 'array', ...(value.length > 0 && { items: exampleSchema(value[0]) }) };
  if (!isPlainObject(value)) return { type: value === null ? 'string' : typeof value };
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, exampleSchema(inner)])),
    required: Object.keys(value),
  };
}

const textView =
  (output: string, ...names: readonly string[]): View =>
  (path) => {
    const at = names.indexOf(String(path[0]));
    return { root: output, path: path.length === 0 ? [] : ['text', ...path.slice(at < 0 ? path.length : 1)] };
  };
/** The parsed answer is under “output”. */
const valueView =
  (output: string): View =>
  (path) => ({ root: output, path: path.length === 0 ? [] : ['value', ...(path[0] === 'output' ? path.slice(1) : path)] });

function prompt(at: At, { system, message, schema }: { system: string; message: string; schema: Record<string, unknown> | undefined }): Made | string {
  if (message.trim() === '') return 'it has no prompt';
  const params = { route: routeOf(at), system, message, markData: true, ...(schema ? { answer: 'json', schema } : { answer: 'text' }) };
  return { type: 'prompt', params, item: schema ? valueView(at.output) : textView(at.output, 'text', 'response', 'output') };
}

const chain: Kind = (at) => {
  const { params, texts, helpers, json } = at;
  const parser = helpers.find(({ kind }) => kind === 'ai_outputParser')?.node;
  const schema = parser && schemaOf(parser.parameters);
  if (parser && !schema) return 'its output parser has no schema';
  const messages = rows(record(params.messages).messageValues);
  const ofRole = (isSystem: boolean) => messages.filter(({ type }) => (text(type) === '' || text(type).startsWith('System')) === isSystem);
  const auto = params.promptType === 'auto' || (params.promptType === undefined && params.text === undefined && params.prompt === undefined);
  const source = json(['chatInput']);
  const own = auto ? `{{ ${'root' in source ? `${source.root}.chatInput` : source.cel} }}` : texts.template(params.text ?? params.prompt);
  const others = ofRole(false).map(({ message }) => texts.template(message));
  return prompt(at, {
    system: ofRole(true)
      .map(({ message }) => texts.template(message))
      .join('\n\n'),
    message: [...others, own].join('\n\n'),
    schema,
  });
};

const openAi: Kind = (at) => {
  const { params, texts, output } = at;
  const [resource, operation] = [text(params.resource) || 'text', text(params.operation) || 'message'];
  if (resource !== 'text' || !['message', 'response', 'complete'].includes(operation))
    return `its operation “${`${resource}: ${operation}`.slice(0, 80)}” has no counterpart`;
  const messages = rows(record(params.messages).values ?? record(params.responses).values ?? record(params.prompt).messages);
  const ofRole = (isSystem: boolean) =>
    messages
      .filter(({ role }) => (role === 'system') === isSystem)
      .map(({ content }) => texts.template(content))
      .join('\n\n');
  const made = prompt(at, { system: ofRole(true), message: ofRole(false), schema: undefined });
  return typeof made === 'string'
    ? made
    : {
        ...made,
        item: (path) =>
          path[0] === 'message' && path[1] === 'content' ? { root: output, path: ['text', ...path.slice(2)] } : textView(output, 'text', 'content')(path),
      };
};

const summarize: Kind = (at) => {
  const source = at.json(['text']);
  at.note('It summarized the incoming document. Here, it summarizes the field “text”.');
  const message = `{{ ${'root' in source ? `${source.root}.text` : source.cel} }}`;
  return prompt(at, { system: 'Write a concise summary of the text.', message, schema: undefined });
};

const extract: Kind = (at) => {
  const { params, texts } = at;
  const fields = rows(record(params.attributes).attributes).filter(({ name }) => plain(name) !== '');
  const properties = Object.fromEntries(
    fields.map(({ name, type, description }) => [
      plain(name),
      { type: TYPES.has(text(type)) ? text(type) : 'string', ...(text(description) !== '' && { description: plain(description) }) },
    ]),
  );
  const required = fields.filter((field) => field.required === true).map(({ name }) => plain(name));
  const schema = fields.length > 0 ? { type: 'object', properties, ...(required.length > 0 && { required }) } : schemaOf(params);
  if (!schema) return 'it has no fields';
  const system = texts.template(record(params.options).systemPromptTemplate) || 'Extract the fields from the text. Leave out what the text does not say.';
  return prompt(at, { system, message: texts.template(params.text), schema });
};

function classify(at: At, labels: readonly { name: string; description: string }[], extra: Record<string, unknown> = {}): Made {
  const { texts, params, output, json } = at;
  const found = labels.map(({ name, description }, index) => ({ id: `label_${index}`, name, description, examples: [] }));
  const made = { text: texts.template(params.inputText), labels: found, route: routeOf(at), minConfidence: 0, ...extra };
  const view: View = (path) => (path[0] === 'sentimentAnalysis' ? { root: output, path: path[1] === 'category' ? ['label'] : [] } : json(path));
  return {
    type: 'classify',
    params: made,
    item: view,
    list: at.list,
    port: (index) => (index < found.length ? `label_${index}` : index === found.length ? 'unsure' : undefined),
  };
}

const classifier: Kind = (at) => {
  const labels = rows(record(at.params.categories).categories).map(({ category, description }) => ({ name: plain(category), description: plain(description) }));
  const names = labels.map(({ name }) => name.toLowerCase());
  if (labels.length < 2 || new Set(names).size < names.length) return 'it needs at least two different labels';
  if (names.some((name) => name === 'unsure' || name === 'error' || name === '')) return 'one of its labels has a name that is reserved here';
  return classify(at, labels, { minConfidence: record(at.params.options).fallback === 'other' ? 0.5 : 0 });
};

const sentiment: Kind = (at) => {
  const given = text(record(at.params.options).categories) || 'Positive, Neutral, Negative';
  return classify(
    at,
    given.split(',').map((name) => ({ name: name.trim(), description: `${name.trim()} sentiment` })),
  );
};

export const ai: Readonly<Record<string, Kind>> = {
  '@n8n/n8n-nodes-langchain.chainLlm': chain,
  '@n8n/n8n-nodes-langchain.openAi': openAi,
  'n8n-nodes-base.openAi': openAi,
  '@n8n/n8n-nodes-langchain.chainSummarization': summarize,
  '@n8n/n8n-nodes-langchain.informationExtractor': extract,
  '@n8n/n8n-nodes-langchain.textClassifier': classifier,
  '@n8n/n8n-nodes-langchain.sentimentAnalysis': sentiment,
};
