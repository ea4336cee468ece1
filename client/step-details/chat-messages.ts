import { isPlainObject } from '@switchyard/shared/json.ts';

/** The messages of a recorded model request, as text. Undefined for unknown formats, such as a reference to a large value. */
export function messagesOf(request: unknown): { readonly role: string; readonly text: string }[] | undefined {
  if (!isPlainObject(request) || !Array.isArray(request.messages)) return undefined;
  return request.messages.filter(isPlainObject).map((message) => ({ role: roleLabel(message.role), text: textOf(message.content) }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content
    .map((part) => (isPlainObject(part) && typeof part.text === 'string' ? part.text : `[${isPlainObject(part) ? String(part.type) : 'part'}]`))
    .join('\n');
}

function roleLabel(role: unknown): string {
  if (role === 'system') return 'System';
  if (role === 'user') return 'User';
  return role === 'assistant' ? 'Assistant' : String(role);
}
