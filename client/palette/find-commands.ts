import type { Command } from '../frame/commands.ts';

/** How well a text fits a command; 0 is not at all. Every word must begin a word of it, or stand somewhere in it. */
function fit(command: Command, words: readonly string[]): number {
  const title = command.title.toLowerCase();
  const all = `${title} ${command.group.toLowerCase()} ${command.words?.toLowerCase() ?? ''}`;
  let score = 1;
  for (const word of words) {
    if (title.startsWith(word)) score += 4;
    else if (title.includes(` ${word}`)) score += 3;
    else if (title.includes(word)) score += 2;
    else if (!all.includes(word)) return 0;
  }
  return score;
}

/** Commands for what was typed: groups in the order of their best hit, best first within each. */
export function findCommands(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = commands.map((command) => ({ command, score: fit(command, words) })).filter(({ score }) => score > 0);
  const best = new Map<string, number>();
  for (const { command, score } of scored) best.set(command.group, Math.max(best.get(command.group) ?? 0, score));
  const groups = [...best.keys()];
  const place = (group: string) => groups.indexOf(group);
  return scored
    .sort((a, b) => (best.get(b.command.group) ?? 0) - (best.get(a.command.group) ?? 0) || place(a.command.group) - place(b.command.group) || b.score - a.score)
    .map(({ command }) => command);
}
