import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  text: field(z.string(), { label: 'Text', control: 'long-text', help: 'Supports Markdown: **bold**, lists, links.' }),
});

const help = `A sticky note for people reading the workflow: why it’s built this way, what to watch out for, who to ask. Supports Markdown, has no edges, and never runs.`;

export const note = defineNode({
  type: 'note',
  version: 1,
  title: 'Note',
  icon: 'IconNote',
  category: 'flow',
  summary: 'A note on the canvas',
  keywords: ['comment', 'sticky', 'text', 'annotation', 'documentation', 'remark'],
  help,
  role: 'note',
  params,
  defaults: { text: '**Note**\nDouble-click to edit.' },
  example: { text: '**Money needs a person**\nRefunds always go to review.' },
  line: ({ text }) =>
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'empty note',
  ports: () => ({ inputs: [], outputs: [] }),
  output: () => ({ type: 'null' }),
  compute: () => done(null),
});
