import type { Command } from './command.ts';
import { compare } from './set.ts';
import { topicOf } from './topic.ts';

/** Every command is looked through for each: what stands behind as many is left out. */
const mostWords = 20;

/** What a word is worth where it is found; the best place counts. */
const worth = { name: 32, nameBegins: 16, nameHolds: 8, alias: 8, topic: 4, description: 4, more: 1 } as const;

/** The commands that have to do with all of these words, or with some when there are none; the best first. */
export function search(commands: readonly Command[], words: readonly string[]): readonly Command[] {
  const wanted = [...new Set(words.map((word) => word.toLowerCase()))]
    .filter((word) => word !== '')
    .slice(0, mostWords);
  const found = commands
    .map((command) => ({ command, points: pointsOf(command, wanted) }))
    .filter(({ points }) => points.some((each) => each > 0));
  const whole = found.filter(({ points }) => points.every((each) => each > 0));
  return (whole.length > 0 ? whole : found)
    .sort((one, other) => sum(other.points) - sum(one.points) || compare(one.command.name, other.command.name))
    .map(({ command }) => command);
}

function pointsOf(command: Command, words: readonly string[]): readonly number[] {
  const name = command.name.toLowerCase();
  const parts = name.split(' ');
  const aliases = fold(command.aliases);
  const topic = topicOf(command)?.toLowerCase() ?? '';
  const description = command.description.toLowerCase();
  const more = fold([command.usage, ...(command.examples ?? []), ...(command.details ?? [])]);
  return words.map((word) => {
    if (parts.includes(word) || name === word) return worth.name;
    if (parts.some((part) => part.startsWith(word))) return worth.nameBegins;
    if (name.includes(word)) return worth.nameHolds;
    if (aliases.includes(word)) return worth.alias;
    if (topic.includes(word)) return worth.topic;
    if (description.includes(word)) return worth.description;
    return more.includes(word) ? worth.more : 0;
  });
}

const fold = (texts: readonly string[] = []): string => texts.join('\n').toLowerCase();
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
