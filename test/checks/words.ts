import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { proseOf } from './prose.ts';

/*
 * Flags phrases that a native engineer would not write in comments, texts, and docs. Prints each with its place and what to write instead,
 * and exits with 1. `node test/checks/words.ts server/http` checks one folder; `--count` prints the number per folder.
 */

interface Habit {
  readonly pattern: RegExp;
  readonly instead: string;
}

const HABITS: readonly Habit[] = [
  { pattern: /\b(whoever|whomever)\b/gi, instead: 'name the actor: caller, user, reviewer' },
  { pattern: /\b(somebody|nobody)\b/gi, instead: 'name the actor: caller, user, reviewer' },
  { pattern: /\bby (itself|themselves|themself)\b/gi, instead: 'automatically, on its own' },
  { pattern: /\balone\b/gi, instead: 'only' },
  { pattern: /\bways? (out|in|back|round|through|of going on)\b/gi, instead: 'branch, port, loop edge' },
  { pattern: /\b(go|goes|went|gone|going) on\b/gi, instead: 'continue' },
  { pattern: /\b(is|are|was|were|be|been|can be|could be) had\b/gi, instead: 'a plain verb' },
  {
    pattern: /\b(stands?|stood) (for|in for|by|as|here|there|at|before|after|beside|between|on|under|with|within|where)\b/gi,
    instead: 'is, means, represents',
  },
  { pattern: /\b(lies|lay|lain) (in|on|beside|behind|between|under|there|here|with|within|by|at|before|after)\b/gi, instead: 'is' },
  { pattern: /\bthe other side\b/gi, instead: 'the server, the client, the receiver' },
  { pattern: /\banew\b/gi, instead: 'again' },
  { pattern: /\bthat (is|are) none\b/gi, instead: 'invalid' },
  { pattern: /\b(not any more|no sooner than|for want of|in good order|under way)\b/gi, instead: 'a plain phrase' },
  { pattern: /\b(take|takes|took|taken|taking) (up(?! to)|it for|them for)\b/gi, instead: 'resume, start, mistake for' },
  { pattern: /\b(wires?|wired|wiring)\b/gi, instead: 'edge, connect' },
  { pattern: /‘/g, instead: 'curly double quotes “…”' },
  {
    pattern:
      /\b(colou?rs? of the theme|colour|behaviour|normalis|recognis|organis(e|a)|serialis|initialis|optimis(e|a)|summaris|analys(e|ing)\b|centre|licence|honour|favour|catalogue)/gi,
    instead: 'American spelling',
  },
  { pattern: /\bas (if|though) (it|they) (had|were) (not )?been\b/gi, instead: 'a direct sentence' },
  {
    pattern: /\bwhat (is|was|are|were) (asked|sent|said|kept|typed|left|there|known|shown|meant|wanted|needed|had)\b/gi,
    instead: 'a noun: request, text, value',
  },
  { pattern: /\bso that [^.]{0,80}\bso that\b/gi, instead: 'two sentences' },
];

/** Places where a flagged phrase is right: a quotation of stored data, a name, or a sentence that reads well. Each gives its reason. */
const ALLOWED: readonly { readonly file: RegExp; readonly text: RegExp; readonly why: string }[] = [
  {
    file: /./,
    text: /way-back-not-ancestor|wire-crosses-container|main\.ts wires/,
    why: 'codes of problems that clients rely on, and “wires” for dependency wiring',
  },
  { file: /^nodes\/people\//, text: /Nobody decided/, why: 'says best that a review had no decision' },
  { file: /^test\/checks\//, text: /./, why: 'names the habits' },
  { file: /^server\/models\/demo\/|^shared\/expression\/explain/, text: /[“"'`]‘|‘[“'(:]/, why: 'parses quotation marks' },
];

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly instead: string;
}

/** The flagged phrases in one file. `text` is the phrase with some words around it. */
export function findHabits(file: string, source: string): Finding[] {
  return proseOf(file, source).flatMap(({ line, text }) =>
    HABITS.flatMap(({ pattern, instead }) =>
      [...text.matchAll(pattern)]
        .map((match) => ({ file, line, text: text.slice(Math.max(0, match.index - 30), match.index + match[0].length + 30).trim(), instead }))
        .filter((finding) => !ALLOWED.some((allowed) => allowed.file.test(file) && allowed.text.test(finding.text))),
    ),
  );
}

function main(args: readonly string[]): void {
  const folders = args.filter((arg) => !arg.startsWith('--'));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts', '*.tsx', '*.css', '*.md'], { encoding: 'utf8' });
  const files = listed.split('\n').filter((file) => file !== '' && (folders.length === 0 || folders.some((folder) => file.startsWith(folder))));
  const findings = files.flatMap((file) => findHabits(file, readFileSync(file, 'utf8')));
  if (args.includes('--count')) {
    const counts = Map.groupBy(findings, ({ file }) => file.split('/').slice(0, 2).join('/'));
    for (const [folder, found] of [...counts].sort((a, b) => b[1].length - a[1].length)) console.log(`${found.length}\t${folder}`);
  } else for (const { file, line, text, instead } of findings) console.error(`${file}:${line}: “${text}” → ${instead}`);
  console.log(findings.length === 0 ? `no flagged phrases in ${files.length} files` : `${findings.length} phrases to rewrite`);
  process.exit(findings.length === 0 ? 0 : 1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
