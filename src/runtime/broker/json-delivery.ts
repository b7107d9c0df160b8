import type { Log } from '../../log/log.ts';
import type { Delivery } from './delivery.ts';
import { decodeMessage } from './json-message.ts';

/** Hands over what came in Go's JSON form. What is none is dropped, as Go does. */
export function deliverJson(delivery: Delivery, bytes: Buffer, log: Log): void {
  const message = decodeMessage(bytes);
  if (message === undefined) log.warn('dropped what is no message of a broker', { topic: delivery.topic });
  else delivery.deliver(message);
}
