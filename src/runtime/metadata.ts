import type { Metadata } from '../discovery/registry.ts';

const known = new Map<string, string>();
const maxKnown = 1000;

/** A header name as HTTP peers write it: `foo-BAR` becomes `Foo-Bar`, `foo_bar` becomes `Foo_bar`. */
export function canonicalName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const canonical = name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  if (known.size < maxKnown) known.set(name, canonical);
  return canonical;
}

/** Finds a value whatever the case of its name is on either side. */
export function valueOf(metadata: Metadata, name: string): string | undefined {
  if (Object.hasOwn(metadata, name)) return metadata[name];
  const wanted = canonicalName(name);
  if (Object.hasOwn(metadata, wanted)) return metadata[wanted];
  for (const key of Object.keys(metadata)) if (canonicalName(key) === wanted) return metadata[key];
  return undefined;
}

// What belongs to one hop. Go sends all of it on, so a nested call looks like a stream message or has the wrong length there.
const names = ['Id', 'Service', 'Method', 'Endpoint', 'Error', 'Stream', 'Topic', 'Protocol', 'Target'];
const hop = new Set([
  'Host',
  'Connection',
  'Content-Length',
  'Transfer-Encoding',
  'Trailer',
  'Te',
  'Accept',
  'Accept-Encoding',
  'Content-Type',
  'Timeout',
  'Local',
  'Remote',
  'X-Content-Type',
  ...names.flatMap((name) => [`Micro-${name}`, `X-Micro-${name}`]),
]);

/** The part of a caller's metadata that is passed on to the services called on its behalf, with canonical names. */
export function propagated(metadata: Metadata): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata)) {
    const name = canonicalName(key);
    if (!hop.has(name) && !name.startsWith(':') && !name.startsWith('Grpc-')) kept[name] = value;
  }
  return kept;
}

/** Adds `extra` to `headers` under canonical names; it wins over what is there. */
export function addMetadata(headers: Record<string, string>, extra: Metadata): void {
  for (const [key, value] of Object.entries(extra)) headers[canonicalName(key)] = value;
}
