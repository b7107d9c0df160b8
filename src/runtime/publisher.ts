import type { Client, Message, PublishOptions } from './client/client.ts';

/** Publishes events of one kind. */
export interface Publisher<T> {
  readonly topic: string;
  /** As `publish` of the client. */
  publish(body: T, options?: PublishOptions): Promise<void>;
}

/** A publisher to `topic`. `message` says how its events are written: as JSON unless it names a content type. */
export const newPublisher = <T = unknown>(
  topic: string,
  client: Pick<Client, 'publish'>,
  message: Omit<Message, 'topic' | 'body'> = {},
): Publisher<T> => ({
  topic,
  publish: (body, options) => client.publish({ ...message, topic, body }, options),
});
