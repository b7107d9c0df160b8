import type { Type } from 'protobufjs';
import type { MessageForm, WellKnown } from './message-form.ts';
import { unfit } from './misfit.ts';
import { readMessage } from './proto-read.ts';
import { writeMessage } from './proto-write.ts';

/** Any message, which JSON writes with its type beside its fields. A type that we don't know stays bytes. */
export const anyType = (any: Type, formOf: (type: Type) => MessageForm): WellKnown => ({
  read(json, depth) {
    if (typeof json !== 'object' || json === null || !('@type' in json)) return undefined;
    const { '@type': url, ...rest } = json as Readonly<Record<string, unknown>>;
    const type = typeof url === 'string' ? typeNamed(any, url) : undefined;
    if (type === undefined) throw unfit(url, 'type that is known here');
    const form = formOf(type);
    const message = readMessage(form, form.wellKnown === undefined ? rest : rest['value'], depth + 1);
    return { type_url: url, value: type.encode(message).finish() };
  },

  write({ type_url: url = '', value = Buffer.alloc(0) }) {
    const type = typeNamed(any, String(url));
    const bytes = value as Uint8Array;
    if (type === undefined) return { '@type': url, value: Buffer.from(bytes).toString('base64') };
    const form = formOf(type);
    const json = writeMessage(form, type.toObject(type.decode(bytes), { longs: String }));
    return form.wellKnown === undefined ? { '@type': url, ...(json as object) } : { '@type': url, value: json };
  },
});

function typeNamed(any: Type, url: string): Type | undefined {
  const found = any.root.lookup(url.slice(url.lastIndexOf('/') + 1));
  return found !== null && 'fieldsArray' in found ? (found as Type) : undefined;
}
