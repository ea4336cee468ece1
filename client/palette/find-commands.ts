import type { Command } from '../frame/commands.ts';
import { matchScore, wordsOf } from '../frame/match-words.ts';

/** Commands that match a search: groups in order of their best match, best first within each. */
export function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const words = wordsOf(text);
  const scored = commands
    .map((command) => ({ command, score: matchScore({ ...command, rest: `${command.group} ${command.words ?? ''}` }, words) }))
    .filter(({ score }) => score > 0);
  const best = new Map<string, number>();
  for (const { command, score } of scored) best.set(command.group, Math.max(best.get(command.group) ?? 0, score));
  const groups = [...best.keys()];
  const place = (group: string) => groups.indexOf(group);
  return scored
    .sort((a, b) => (best.get(b.command.group) ?? 0) - (best.get(a.command.group) ?? 0) || place(a.command.group) - place(b.command.group) || b.score - a.score)
    .map(({ command }) => command);
}
