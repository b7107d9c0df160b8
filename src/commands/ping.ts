import type { Command } from './command.ts';
import { plainCommand } from './plain.ts';

export const ping: Command = plainCommand({ name: 'ping', description: 'Returns pong', answer: () => 'pong' });
