import { describe, expect, test } from 'vitest';
import { findHabits } from './words.ts';

const found = (file: string, source: string) => findHabits(file, source).map(({ line, instead }) => `${line}: ${instead}`);

describe('the check for plain words', () => {
  test('finds a habit in comments, strings, templates, and text between tags', () => {
    expect(found('server/a.ts', '// Whoever calls waits.')).toEqual(['1: name the actor: caller, user, reviewer']);
    expect(found('server/a.ts', "const a = 'Only this one alone';")).toEqual(['1: only']);
    expect(found('server/a.ts', `const a = \`\${name} runs \${count} times by itself\`;`)).toEqual(['1: automatically, on its own']);
    expect(found('client/a.tsx', '<p>Remove this wire</p>')).toEqual(['1: edge, connect']);
  });

  test('ignores code, imports, and code blocks of Markdown', () => {
    expect(found('server/a.ts', "import { wire } from './wire.ts';\nconst alone = wire(whoever);")).toEqual([]);
    expect(found('docs/a.md', '```ts\nconst alone = 1;\n```\nUse `alone` here.')).toEqual([]);
  });

  test('continues after a template with nested braces', () => {
    expect(found('server/a.ts', `const a = \`\${f({ b: 1 })}\`;\nconst alone = 2; // alone`)).toEqual(['2: only']);
  });
});
