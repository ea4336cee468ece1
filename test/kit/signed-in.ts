import { SCOPES } from '@switchyard/shared/contracts/scopes.ts';
import { createToken, signIn } from '@switchyard/shared/contracts/sign-in.ts';
import type { TestApi } from './api.ts';

/** The password of test servers that require one. */
export const PASSWORD = 'correct horse battery';

/** Signs in. Returns the header with the session. */
export async function signedIn(server: Pick<TestApi, 'send'>, headers: Record<string, string> = {}): Promise<{ cookie: string }> {
  const reply = await server.send('POST', signIn.path, { body: { password: PASSWORD }, headers });
  const cookie = reply.headers.get('set-cookie')?.split(';')[0];
  if (reply.status !== 200 || !cookie) throw new Error(`Sign-in failed: ${reply.status} ${reply.text}`);
  return { cookie };
}

/** Creates an API token with every scope. Returns the header that carries it, with its ID. */
export async function tokenOf(server: Pick<TestApi, 'send'>, cookie: string): Promise<{ id: string; authorization: string }> {
  const reply = await server.send('POST', createToken.path, { body: { name: 'Test', scopes: SCOPES }, headers: { cookie } });
  const made = createToken.reply.parse(reply.json);
  return { id: made.id, authorization: `Bearer ${made.token}` };
}
