import { AppError } from '@switchyard/shared/errors.ts';
import { parameterOf } from './database-target.ts';

/* A statement for Redis: one command with its arguments, as in `redis-cli`. Pure. */

const problem = (message: string): AppError => new AppError('bad-request', message, { beforeEffect: true });

const WORD = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/gsy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The words of a command with its parameters in them: `HGET user:$1 name`. A value is part of one word, whatever it contains. */
export function readRedisCommand(statement: string, parameters: readonly unknown[]): readonly string[] {
  const words: string[] = [];
  const text = statement.trim();
  for (let at = 0; at < text.length; ) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (!match) throw problem('The statement has a quote that isn’t closed.');
    const [whole, double, single, plain] = match;
    if (plain !== undefined && /["']/.test(plain)) throw problem(`Put “${plain.slice(0, 60)}” in quotes.`);
    words.push(plain ?? (double ?? single ?? '').replace(/\\(.)/gs, (_, mark: string) => ESCAPES[mark] ?? mark));
    at += whole.length;
    while (/\s/.test(text[at] ?? '')) at++;
  }
  const [command, ...given] = words;
  if (command === undefined) throw problem('The statement is empty. Enter a command, for example GET user:$1.');
  if (command.includes('$')) throw problem('The command can’t be a parameter. Write it in the statement.');
  return [command, ...given.map((word) => word.replace(/\$(\d{1,3})/g, (_, number: string) => redisText(parameterOf(parameters, Number(number)))))];
}

function redisText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

type Entry = readonly [name: string, arity: number, flags: readonly string[], ...rest: unknown[]];
/** The reply to COMMAND INFO. */
export type CommandInfo = readonly (Entry | null)[];

/** They affect the server, other clients, or other servers, or wait without end. */
const REFUSED_FLAGS: readonly string[] = ['admin', 'blocking', 'pubsub', 'no_multi'];
const REFUSED: readonly string[] =
  'auth asking client cluster config debug discard exec failover function hello migrate module multi psync quit readonly readwrite replicaof reset restore script select slaveof swapdb sync unwatch wait waitaof watch'.split(
    ' ',
  );

/** Where the table of subcommands is, since Redis 7. */
const SUBCOMMANDS = 9;

/** Throws `bad-request` unless the server’s table of commands allows it. */
export function checkRedisCommand(words: readonly string[], [found]: CommandInfo, readOnly: boolean): void {
  const name = (words[0] ?? '').toLowerCase();
  if (!found) throw problem(`The server has no command “${name.toUpperCase()}”.`);
  const flags = flagsOf(found, words);
  if (REFUSED.includes(name) || flags.some((flag) => REFUSED_FLAGS.includes(flag)))
    throw problem(`“${name.toUpperCase()}” can’t be used here: it affects the server or the connection, or blocks indefinitely.`);
  if (readOnly && !flags.includes('readonly'))
    throw problem(`“${name.toUpperCase()}” may change data, and the node is read-only. Turn that off to change data.`);
}

/** The flags of a command, or of the subcommand that is used. */
function flagsOf([name, , flags, ...rest]: Entry, words: readonly string[]): readonly string[] {
  const subcommands = rest[SUBCOMMANDS - 3];
  if (!Array.isArray(subcommands) || subcommands.length === 0) return flags;
  const wanted = `${name}|${(words[1] ?? '').toLowerCase()}`;
  const found = (subcommands as Entry[]).find(([one]) => String(one).toLowerCase() === wanted);
  return found ? found[2].map(String) : [...flags];
}
