import type { Pipeline } from '../pipeline.ts';
import type { Stage } from './compile.ts';
import type { Conceal } from './conceal.ts';
import type { Request } from './request.ts';

/** A line that was read: its first command, and what becomes of that. */
export interface Reading extends Stage {
  readonly request: Request;
  /** Undefined: it is one command alone. */
  readonly pipeline: Pipeline | undefined;
  /** What changes its answer. */
  readonly filters: readonly Stage[];
  readonly conceal: Conceal;
  /** The line without its secrets. */
  readonly shown: string;
}
