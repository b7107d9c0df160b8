import { members } from '../members.ts';
import { recordJson } from '../record-json.ts';
import type { ServiceRecord } from '../registry.ts';

/** Where one generation of go-micro asks and tells. */
export interface NatsSubjects {
  readonly query: string;
  readonly watch: string;
}

/** Go-micro 1 and 2, and go-micro 6: they don't hear each other. */
export const goSubjects: readonly NatsSubjects[] = [
  { query: 'micro.registry.nats.query', watch: 'micro.registry.nats.watch' },
  { query: 'micro.nats.query', watch: 'micro.nats.watch' },
];

/** Asks for one service, or with no name for all. Go takes the service as given without looking, so it must be there. */
export const questionText = (name: string | undefined): string =>
  name === undefined
    ? '{"Action":"list","Service":null}'
    : `{"Action":"get","Service":${recordJson({ name, version: '', metadata: {}, endpoints: [], nodes: [] })}}`;

/** What somebody asks for. */
export type Wanted = { readonly kind: 'one'; readonly name: string } | { readonly kind: 'all' };

/** Undefined for what is no question. */
export function readQuestion(text: string): Wanted | undefined {
  const { action, service } = wordsOf(text);
  if (action === 'list') return { kind: 'all' };
  const name = recordOf(members(service))['name'];
  return action === 'get' && typeof name === 'string' ? { kind: 'one', name } : undefined;
}

export const announcementText = (action: 'create' | 'delete', service: ServiceRecord): string =>
  `{"Action":"${action}","Service":${recordJson(service)}}`;

/** What somebody told all. The service is JSON that is not checked yet. */
export interface Announcement {
  readonly kind: 'here' | 'gone';
  readonly service: unknown;
}

/** Undefined for what is no announcement. Version 6 can be told to use other words for `create`. */
export function readAnnouncement(text: string): Announcement | undefined {
  const { action, service } = wordsOf(text);
  if (action === 'delete') return { kind: 'gone', service };
  return action === 'create' || action === 'update' || action === 'put' ? { kind: 'here', service } : undefined;
}

interface Words {
  readonly action?: unknown;
  readonly service?: unknown;
}

function wordsOf(text: string): Words {
  try {
    return recordOf(members(JSON.parse(text)));
  } catch {
    return {};
  }
}

const recordOf = (json: unknown): Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
