import { z } from 'zod';
import { field } from '../../sdk/field.ts';

/* The settings of HTTP requests that send more than one request: pages of a list, or batches of one. */

const KINDS = { none: 'One request', link: 'Next link', cursor: 'Cursor', page: 'Page number', offset: 'Offset' } as const;
const kinds = Object.keys(KINDS) as [keyof typeof KINDS, ...(keyof typeof KINDS)[]];
const PAGED = { field: 'by', is: ['link', 'cursor', 'page', 'offset'] };
const NUMBERED = { field: 'by', is: ['cursor', 'page', 'offset'] };

const paceMs = field(z.number().int().min(0).max(3_600_000).default(0), { label: 'Pause between requests', control: 'number', unit: 'ms' });

export const pages = field(
  z
    .object({
      by: field(z.enum(kinds).default('none'), { label: 'Next page by', control: 'select', choices: KINDS }),
      items: field(z.string().default(''), {
        label: 'List in the response',
        control: 'text',
        placeholder: 'data.items',
        help: 'Path of the list that is collected. Leave empty if the body is the list.',
        when: PAGED,
      }),
      next: field(z.string().default(''), {
        label: 'Next link in the response',
        control: 'text',
        placeholder: 'paging.next',
        help: 'Path of the URL. Leave empty for the Link header.',
        when: { field: 'by', is: ['link'] },
      }),
      cursor: field(z.string().default(''), {
        label: 'Next cursor in the response',
        control: 'text',
        placeholder: 'meta.next_cursor',
        when: { field: 'by', is: ['cursor'] },
      }),
      place: field(z.enum(['query', 'body']).default('query'), {
        label: 'Sent in',
        control: 'segmented',
        choices: { query: 'Query', body: 'JSON body' },
        when: NUMBERED,
      }),
      parameter: field(z.string().default(''), { label: 'Parameter', control: 'text', placeholder: 'page', when: NUMBERED }),
      first: field(z.number().int().min(0).default(1), { label: 'First page', control: 'number', when: { field: 'by', is: ['page'] } }),
      maxPages: field(z.number().int().min(1).max(1_000).default(100), { label: 'Max pages', control: 'number', when: PAGED }),
      paceMs: paceMs.meta({ field: { label: 'Pause between pages', control: 'number', unit: 'ms', when: PAGED } }),
    })
    .prefault({}),
  { label: 'Pagination', section: true },
);
export type Pages = z.output<typeof pages>;

const WHEN_ON = { field: 'on', is: [true] };

export const batches = field(
  z
    .object({
      on: field(z.boolean().default(false), { label: 'Send a list in batches', control: 'switch' }),
      list: field(z.string().default(''), { label: 'List', control: 'code', expression: 'cel', placeholder: 'input.rows', when: WHEN_ON }),
      size: field(z.number().int().min(1).max(10_000).default(100), { label: 'Batch size', control: 'number', when: WHEN_ON }),
      parameter: field(z.string().default(''), {
        label: 'Field in the JSON body',
        control: 'text',
        placeholder: 'records',
        help: 'Path of the field that gets the batch. Leave empty to send the batch as the body.',
        when: WHEN_ON,
      }),
      paceMs: paceMs.meta({ field: { label: 'Pause between batches', control: 'number', unit: 'ms', when: WHEN_ON } }),
    })
    .prefault({}),
  { label: 'Batches', section: true },
);
export type Batches = z.output<typeof batches>;
