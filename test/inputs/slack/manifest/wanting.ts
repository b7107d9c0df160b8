import type { SlashCommand } from '../../../../src/inputs/slack/manifest/slash.ts';

/** A slash command of a service. */
export const wanting = (name: string, more: Partial<SlashCommand> = {}): SlashCommand => ({
  name,
  description: `Does ${name}`,
  usage: '[what]',
  service: 'billing',
  ...more,
});
