import { setOwn } from '@switchyard/shared/expression/to-plain.ts';
import { z } from 'zod';
import { defineNode, done } from '../sdk/define-node.ts';
import { field } from '../sdk/field.ts';

const params = z.object({
  fields: field(
    z
      .array(z.object({ name: field(z.string(), { label: 'Name' }), value: field(z.string(), { label: 'Expression', control: 'code', expression: 'cel' }) }))
      .max(200),
    { label: 'Fields', control: 'expressions', help: 'Each field is set to the value of its expression.' },
  ),
});

const help = `Builds an object from expressions: rename, pick, compute, combine. Only these fields are passed on.

Each field is one expression, without braces:

| name | expression |
|---|---|
| \`tier\` | \`input.?customer.?tier.orValue("free")\` |
| \`urgent\` | \`steps.score.value.urgency >= 4\` |
| \`labels\` | \`input.tags.filter(tag, tag != "")\` |

Later nodes read \`steps.<key>.<name>\`.`;

type Fields = z.output<typeof params>['fields'];

const namedOf = new WeakMap<Fields, Fields>();

/** The fields with a name. Read once for all runs of a version. */
function named(fields: Fields): Fields {
  const known = namedOf.get(fields) ?? fields.filter(({ name }) => name.trim() !== '').map(({ name, value }) => ({ name: name.trim(), value }));
  namedOf.set(fields, known);
  return known;
}

export const transform = defineNode({
  type: 'transform',
  version: 1,
  title: 'Transform',
  icon: 'IconTransform',
  category: 'data',
  summary: 'Rename, pick, and reshape fields',
  keywords: ['set', 'map', 'edit', 'filter', 'fields', 'variable', 'assign', 'rename', 'json', 'foreach', 'expression', 'calculate'],
  help,
  params,
  defaults: { fields: [{ name: 'message', value: 'input.message' }] },
  example: {
    fields: [
      { name: 'message', value: 'input.message' },
      { name: 'tier', value: 'input.?customer.?tier.orValue("free")' },
    ],
  },
  line: ({ fields }) =>
    named(fields)
      .map(({ name }) => name)
      .join(', ') || 'no fields yet',
  output: ({ fields }) => {
    const names = [...new Set(named(fields).map(({ name }) => name))];
    const properties = Object.fromEntries(names.map((name) => [name, {}]));
    // JSON Schema validators ignore a property named `__proto__`, so an object with one can't be closed.
    return { type: 'object', properties, required: names, additionalProperties: names.includes('__proto__') };
  },
  check: ({ fields }) => [
    ...(fields.length === 0 ? [{ path: ['fields'], message: 'Add a field' }] : []),
    ...fields.flatMap(({ name, value }, index) => [
      ...(name.trim() === '' ? [{ path: ['fields', index, 'name'], message: 'Name this field' }] : []),
      ...(value.trim() === ''
        ? [{ path: ['fields', index, 'value'], message: `Enter the expression for “${name}”`, suggestion: 'For example, input.message' }]
        : []),
      ...(fields.findIndex((other) => other.name.trim() === name.trim()) < index
        ? [{ path: ['fields', index, 'name'], message: `Another field is also named “${name}”` }]
        : []),
    ]),
  ],
  compute: ({ params, context }) => {
    const output = {};
    for (const { name, value } of named(params.fields)) setOwn(output, name, context.evaluate(value));
    return done(output);
  },
});
