import type { Command } from '../command.ts';
import { count } from './count.ts';
import { head, tail } from './cut.ts';
import { grep } from './grep.ts';
import { json } from './json.ts';
import { sort } from './sort.ts';

/** Commands that stand behind another one and change what it answers: `list services | grep billing | head 5`. */
export const filters: readonly Command[] = [count, grep, head, json, sort, tail];
