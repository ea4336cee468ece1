import { echoGraph, reviewGraph } from '../../kit/graph.ts';
import { publishedWorkflow } from '../../kit/published.ts';
import { openTask, tokenOf } from '../../kit/review-task.ts';
import { connectPage, type PageSocket } from '../../kit/watcher.ts';
import { type EntryPoint, JSON_TYPE, type World } from './entry-point.ts';
import { hostileJson, wellFormed } from './json.ts';
import { hostileText } from './texts.ts';

/* Entry points for users who run workflows, decide reviews, or watch runs. */

export async function userEntryPoints({ server }: World): Promise<Record<string, EntryPoint>> {
  const review = await publishedWorkflow(server, reviewGraph());
  const { id: echoId } = await publishedWorkflow(server, echoGraph());
  return {
    'run input': async (dice) => {
      const { what, text } = hostileJson(dice);
      return {
        what,
        reply: await server.send('POST', `/api/workflows/${echoId}/runs`, { body: `{"wait":20000,"labels":{"a":"b"},"input":${text}}`, headers: JSON_TYPE }),
      };
    },
    review: async (dice) => {
      const started = await server.send('POST', review.url, { body: { message: hostileText(dice, dice.pick([10, 200_000])) } });
      const task = await openTask(server, String(started.headers.get('x-run-id')));
      const { what, text } = wellFormed(hostileJson(dice));
      const body = dice.pick([
        `{"decision":"approve","values":${text}}`,
        `{"decision":"approve","values":{"text":${text}}}`,
        `{"decision":"reject","comment":${JSON.stringify(hostileText(dice, 9_000))},"values":{"text":"t"}}`,
        text,
      ]);
      return { what, reply: await server.send('POST', dice.pick([`/api/reviews/${task.id}/decision`, `/r/${tokenOf(task)}`]), { body, headers: JSON_TYPE }) };
    },
    socket: async (dice) => {
      const { what, text } = wellFormed(hostileJson(dice));
      const socket = await connectPage(server.base);
      await emit(
        socket,
        dice.pick(['run:watch', 'workflow:watch', 'run:unwatch', 'inbox:watch', hostileText(dice, 1_000)]),
        dice.pick([JSON.parse(text), { runId: JSON.parse(text), fromSeq: 1 }, hostileText(dice)]),
      );
      return { what, reply: { status: 200, text: '' } };
    },
  };
}

/** Sends a message and then a second one, and waits until that is answered or the socket closes. */
async function emit(socket: PageSocket, name: string, payload: unknown): Promise<void> {
  const closed = new Promise<void>((resolve) => void socket.once('disconnect', () => resolve()));
  (socket.emit as (name: string, ...payload: unknown[]) => void)(name, payload);
  await Promise.race([closed, socket.emitWithAck('inbox:watch').catch(() => undefined)]);
  socket.close();
}
