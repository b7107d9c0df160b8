import { randomUUID } from 'node:crypto';
import type { Broker } from '../broker/broker.ts';
import { BrokerError } from '../broker/broker.ts';
import type { Codecs } from '../codec/codec.ts';
import { internalServerError, MicroError } from '../errors.ts';
import { addMetadata, propagated } from '../metadata.ts';
import type { Body } from '../transport/transport.ts';
import type { Message, PublishOptions } from './client.ts';

const id = 'go.micro.client';

/** Gives an event to the broker, which is connected the first time. Rejects with a `MicroError`. */
export async function publish(
  broker: Broker | undefined,
  codecs: Codecs,
  from: string | undefined,
  message: Message,
  { context, metadata, exchange }: PublishOptions,
): Promise<void> {
  if (broker === undefined) throw internalServerError(id, 'this client has no broker to publish to');
  const { topic, contentType = 'application/json' } = message;
  if (topic === '') throw new MicroError(id, 400, 'an event needs a topic');
  const body = encode(message, contentType, codecs);
  const headers = context === undefined ? {} : propagated(context.metadata);
  if (metadata !== undefined) addMetadata(headers, metadata);
  if (from !== undefined) headers['Micro-From-Service'] ??= from;
  Object.assign(headers, { 'Content-Type': contentType, 'Micro-Id': randomUUID(), 'Micro-Topic': topic });
  try {
    await broker.connect();
    await broker.publish(exchange ?? topic, { headers, body });
  } catch (error) {
    const isOurFault = error instanceof BrokerError && (error.code === 'invalid' || error.code === 'too_large');
    const text = error instanceof Error ? error.message : String(error);
    throw new MicroError(id, isOurFault ? 400 : 500, text, { cause: error });
  }
}

function encode({ body, raw, schema }: Message, contentType: string, codecs: Codecs): Body {
  if (raw === true) {
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body ?? '';
    throw new MicroError(id, 400, 'the body of a raw event must be text or bytes');
  }
  const codec = codecs.get(contentType);
  if (codec === undefined) throw internalServerError(id, `Unsupported Content-Type: ${contentType}`);
  try {
    return codec.encode(body, schema);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw internalServerError('go.micro.client.codec', text, { cause: error });
  }
}
