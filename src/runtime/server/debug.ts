import type { Schema } from '../schema.ts';
import { messageSchema } from './message.ts';
import type { Handler } from './server.ts';
import { unary } from './server.ts';
import type { ServerStats } from './stats.ts';

export interface HealthResponse {
  readonly status: string;
}

/** Times in seconds, memory in bytes, gc in nanoseconds. */
export interface StatsResponse {
  readonly timestamp: number;
  readonly started: number;
  readonly uptime: number;
  readonly memory: number;
  readonly threads: number;
  readonly gc: number;
  readonly requests: number;
  readonly errors: number;
}

export const healthRequest: Schema = messageSchema('HealthRequest', [['service', 'string']]);
export const healthResponse: Schema = messageSchema('HealthResponse', [['status', 'string']]);
export const statsRequest: Schema = messageSchema('StatsRequest', [['service', 'string']]);
export const statsResponse: Schema = messageSchema('StatsResponse', [
  ['timestamp', 'uint64'],
  ['started', 'uint64'],
  ['uptime', 'uint64'],
  ['memory', 'uint64'],
  ['threads', 'uint64'],
  ['gc', 'uint64'],
  ['requests', 'uint64'],
  ['errors', 'uint64'],
]);

/** What every server answers about itself: `Debug.Health` and `Debug.Stats`, with the messages of go-micro. */
export function debugHandler(stats: ServerStats): Handler {
  const health = (): HealthResponse => ({ status: 'ok' });
  const report = (): StatsResponse => {
    const now = Date.now();
    return {
      timestamp: Math.floor(now / 1000),
      started: Math.floor(stats.startedAt / 1000),
      uptime: Math.floor((now - stats.startedAt) / 1000),
      memory: process.memoryUsage().heapUsed,
      // What keeps this process busy at the moment: the nearest Node has to goroutines.
      threads: process.getActiveResourcesInfo().length,
      gc: Math.round(stats.gcMs * 1e6),
      requests: stats.requests,
      errors: stats.errors,
    };
  };
  return {
    name: 'Debug',
    internal: true,
    methods: {
      Health: unary(health, { request: healthRequest, response: healthResponse }),
      Stats: unary(report, { request: statsRequest, response: statsResponse }),
    },
  };
}
