import { GROUP_TYPE } from '@switchyard/shared/graph/graph.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const GROUP_COLORS = ['gray', 'indigo', 'blue', 'green', 'amber', 'red'] as const;

const params = z.object({
  color: field(z.enum(GROUP_COLORS).default('gray'), {
    label: 'Color',
    control: 'select',
    choices: { gray: 'Gray', indigo: 'Indigo', blue: 'Blue', green: 'Green', amber: 'Amber', red: 'Red' },
  }),
});

const help = `A frame around nodes that belong together, with a title and a color. Dragging its title moves everything inside. Drag nodes into it or out of it, or select several and press **Ctrl G**.

A group is layout only: edges cross its border, and runs don’t know it. To run nodes once per item of a list, use *For-each*.`;

export const group = defineNode({
  type: GROUP_TYPE,
  version: 1,
  title: 'Group',
  icon: 'IconArtboard',
  category: 'flow',
  summary: 'A titled frame around nodes',
  keywords: ['frame', 'section', 'box', 'area', 'organize', 'color'],
  help,
  role: 'note',
  params,
  defaults: { color: 'gray' },
  example: { color: 'blue' },
  line: ({ color }) => `${color} frame`,
  ports: () => ({ inputs: [], outputs: [] }),
  output: () => ({ type: 'null' }),
  compute: () => done(null),
});
