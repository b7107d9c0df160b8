import type { Sender } from './sender.ts';

/** What a connection knows of a stream. */
export interface Child {
  readonly id: number;
  /** Sends what waits. */
  pump(): void;
}

/** What a stream needs of its connection. */
export interface Parent {
  readonly sender: Sender;
  readonly streamWindowBytes: number;
  /** The stream is over and forgotten. */
  remove(stream: Child): void;
  /** So many bytes were read: the other side may send as many more. */
  consumed(bytes: number): void;
  /** A frame that ends or widens a stream. */
  reset(stream: Child, code: number): void;
  widen(stream: Child, bytes: number): void;
  /** The stream waits for the connection's window, or for the socket. */
  wait(stream: Child): void;
  /** Something that carries a message was sent or has come. */
  useful(): void;
  /** Bytes were queued (or, less than 0, unqueued) because the windows are closed. False: too many wait by now, and all is over. */
  queued(bytes: number): boolean;
}
