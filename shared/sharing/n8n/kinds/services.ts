import { viewAt } from '../view.ts';
import { connectionOf } from './http.ts';
import { type At, bodyList, type Kind, located, plain, record, text } from './kind.ts';

/* Nodes of services with a recipe: HTTP request nodes, filled in from the settings of n8n. */

interface Use {
  readonly service: string;
  readonly recipe: string;
  /** What each part of the recipe’s texts is replaced with. */
  fill(at: At): Readonly<Record<string, unknown>>;
  /** Params instead of those of the recipe. */
  more?(at: At): Readonly<Record<string, unknown>>;
}

const MESSAGE = '{{ input.message }}';

const sheetName = (value: unknown): string => text(record(value).cachedResultName) || plain(located(value)) || 'Sheet1';
const columnsOf = ({ params }: At): Record<string, unknown> => record(record(params.columns).value);
const sheet = (at: At) => ({ '{spreadsheetId}': located(at.params.documentId ?? at.params.sheetId), Sheet1: sheetName(at.params.sheetName) });
const airtable = ({ params }: At) => ({ '{baseId}': located(params.base ?? params.application), '{table}': located(params.table), '{recordId}': params.id });
const airtableFields = (at: At) => ({ json: { fields: at.texts.tree(columnsOf(at)), typecast: true } });
const repository = ({ params }: At) => ({ '{owner}': located(params.owner), '{repo}': located(params.repository) });

function email({ params, texts, node }: At): { text: string } {
  const kind = text(params.emailType) || (node.typeVersion >= 2 ? 'html' : 'text');
  const type = `Content-Type: text/${kind === 'html' ? 'html' : 'plain'}; charset=utf-8`;
  const head = [`To: ${texts.template(params.sendTo ?? params.toList)}`, `Subject: ${texts.template(params.subject)}`, type];
  return { text: `${head.join('\n')}\n\n${texts.template(params.message)}\n` };
}

const USES: Readonly<Record<string, Use>> = {
  'slack message:post': {
    service: 'slack',
    recipe: 'send-message',
    fill: ({ params }) => ({ '{channel}': located(params.select === 'user' ? params.user : (params.channelId ?? params.channel)), [MESSAGE]: params.text }),
  },
  'telegram message:sendMessage': {
    service: 'telegram',
    recipe: 'send-message',
    fill: ({ params }) => ({ '{chatId}': params.chatId, [MESSAGE]: params.text }),
  },
  'gmail message:send': { service: 'gmail', recipe: 'send-email', fill: () => ({}), more: email },
  'googleSheets sheet:append': {
    service: 'google-sheets',
    recipe: 'append-row',
    fill: sheet,
    more: (at) => ({ json: { values: [Object.values(record(at.texts.tree(columnsOf(at))))] } }),
  },
  'googleSheets sheet:read': { service: 'google-sheets', recipe: 'read-rows', fill: sheet },
  'airtable record:create': { service: 'airtable', recipe: 'add-row', fill: airtable, more: airtableFields },
  'airtable record:get': { service: 'airtable', recipe: 'get-row', fill: airtable },
  'airtable record:search': {
    service: 'airtable',
    recipe: 'find-rows',
    fill: airtable,
    more: ({ params, texts }) => ({ query: [{ name: 'filterByFormula', value: texts.template(params.filterByFormula) }] }),
  },
  'notion databasePage:create': {
    service: 'notion',
    recipe: 'add-page',
    fill: ({ params }) => ({ '{databaseId}': located(params.databaseId), [MESSAGE]: params.title }),
  },
  'github issue:create': {
    service: 'github',
    recipe: 'open-issue',
    fill: (at) => ({ ...repository(at), [MESSAGE]: at.params.title, '{body}': at.params.body }),
  },
  'github issue:createComment': {
    service: 'github',
    recipe: 'comment',
    fill: (at) => ({ ...repository(at), '{number}': at.params.issueNumber, [MESSAGE]: at.params.body }),
  },
  'stripe customer:create': {
    service: 'stripe',
    recipe: 'create-customer',
    fill: ({ params }) => ({ '{name}': params.name, '{{ input.email }}': record(params.additionalFields).email }),
  },
};

/** Resources and operations that n8n leaves out of the file, because they are its defaults. */
const DEFAULTS: Readonly<Record<string, readonly [string, string]>> = {
  slack: ['message', 'post'],
  telegram: ['message', 'sendMessage'],
  gmail: ['message', 'send'],
  googleSheets: ['sheet', 'read'],
  airtable: ['record', 'get'],
  notion: ['block', 'append'],
  github: ['issue', 'create'],
  stripe: ['balance', 'get'],
};
/** The same operation under its name in another version. */
const SAME: Readonly<Record<string, string>> = {
  'airtable record:append': 'airtable record:create',
  'airtable record:list': 'airtable record:search',
  'slack message:send': 'slack message:post',
};

const fillText = (value: string, parts: readonly (readonly [string, string])[]): string =>
  // Parts are found in the recipe only, never in a value that was filled in.
  parts.length === 0
    ? value
    : value
        .split(new RegExp(`(${parts.map(([part]) => part.replace(/[{}.]/g, '\\$&')).join('|')})`))
        .map((piece) => parts.find(([part]) => part === piece)?.[1] ?? piece)
        .join('');

function fillIn(value: unknown, parts: readonly (readonly [string, string])[]): unknown {
  if (typeof value === 'string') return fillText(value, parts);
  if (Array.isArray(value)) return value.map((item) => fillIn(item, parts));
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillIn(inner, parts)])) : value;
}

const service =
  (name: string): Kind =>
  (at) => {
    const { params, services, texts, output, note } = at;
    const [resource, operation] = DEFAULTS[name] ?? ['', ''];
    const asked = `${name} ${text(params.resource) || resource}:${text(params.operation) || operation}`;
    const use = USES[SAME[asked] ?? asked];
    const recipe = use && services.find(({ id }) => id === use.service)?.recipes.find(({ id }) => id === use.recipe);
    if (!use || !recipe) return `its operation “${asked.slice(name.length + 1, 100)}” has no recipe`;
    const parts = Object.entries(use.fill(at))
      .filter(([, value]) => text(value) !== '')
      .map(([part, value]) => [part, texts.template(value)] as const);
    note(`It became the request “${recipe.title}”. Compare its fields with the original.`);
    return {
      type: 'tool',
      params: { ...record(fillIn(recipe.params, parts)), ...use.more?.(at), ...connectionOf(at) },
      item: viewAt(output, 'body'),
      list: bodyList(output),
    };
  };

export const serviceKinds: Readonly<Record<string, Kind>> = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [`n8n-nodes-base.${name}`, service(name)]));
