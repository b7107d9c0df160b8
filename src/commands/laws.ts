import type { Command } from './command.ts';
import { plainCommand } from './plain.ts';

const laws = [
  'A robot may not injure a human being or, through inaction, allow a human being to come to harm.',
  'A robot must obey the orders given it by human beings except where such orders would conflict with the First Law.',
  'A robot must protect its own existence as long as such protection does not conflict with the First or Second Laws.',
];

export const threeLaws: Command = plainCommand({
  name: 'the three laws',
  aliases: ['three laws', 'the three laws of robotics', 'three laws of robotics'],
  description: 'Returns the three laws of robotics',
  answer: () => `\n${laws.map((law, index) => `${index + 1}. ${law}`).join('\n')}`,
});
