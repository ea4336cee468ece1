import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { createPromptVersion } from '@switchyard/shared/contracts/prompts.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';

export type SentContent = Omit<BodyOf<typeof createPromptVersion>, 'note' | 'reason'>;

/** Checks the templates and schemas of a prompt. Throws `bad-request` with the path of each mistake. */
export function checkPromptContent({ messages, variables, outputSchema, variants = [] }: SentContent): void {
  const schemas = [
    ['variables', variables],
    ['outputSchema', outputSchema],
  ] as const;
  const fields: FieldError[] = [
    ...(acceptsObjects(variables) ? [] : [{ path: 'variables.type', message: 'must be object: variables have names' }]),
    ...messages.flatMap(({ content }, index) => templateErrors(`messages.${index}.content`, content)),
    ...variants.flatMap((variant, at) => variant.messages.flatMap(({ content }, index) => templateErrors(`variants.${at}.messages.${index}.content`, content))),
    ...schemas.flatMap(([name, schema]) => (schema ? schemaIssues([name], schema).map(({ path, message }) => ({ path: path.join('.'), message })) : [])),
  ];
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
}

const acceptsObjects = (schema: JsonSchema | undefined): boolean => schema?.type === undefined || [schema.type].flat().includes('object');

function templateErrors(path: string, source: string): FieldError[] {
  try {
    compileTemplate(source);
    return [];
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return [{ path, message: thrown.message }];
    throw thrown;
  }
}
