import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  text: field(z.string(), { label: 'Text', control: 'long-text', help: 'Markdown: **bold**, lists, links.' }),
});

const help = `A sticky note for whoever reads the workflow: why it is built this way, what to mind, whom to ask. It is Markdown, has no wires and never runs.`;

export const note = defineNode({
  type: 'note',
  version: 1,
  title: 'Note',
  icon: 'IconNote',
  category: 'flow',
  summary: 'Words for whoever reads this',
  help,
  role: 'note',
  params,
  defaults: { text: '**Note**\nDouble-click to write.' },
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
