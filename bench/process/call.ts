/** Calls our API. Throws with the response text if the request is rejected. */
export async function call<T>(address: string, method: string, path: string, body?: unknown): Promise<T> {
  const reply = await fetch(address + path, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}
