import type { Admin } from './admin.ts';

/** A chat server nobody of us wrote, for tests: on loopback, with an authority of its own, known to no other server. */
export interface XmppServer {
  readonly kind: ServerKind;
  /** `chat.test`: what follows the `@` in addresses. */
  readonly domain: string;
  /** `rooms.chat.test`. */
  readonly conference: string;
  /** `127.0.0.1`. */
  readonly host: string;
  /** For STARTTLS; the same after a restart. */
  readonly port: number;
  /** For TLS from the first byte. */
  readonly tlsPort: number;
  /** Who vouches for its certificate, as PEM. */
  readonly ca: string;
  /** A file with that. */
  readonly caFile: string;
  /** Makes an account; its password is `pw-` and the name by default. */
  addUser(name: string, password?: string): Promise<User>;
  /** What an administrator does; logs in when it is first used. */
  readonly admin: Admin;
  /** Ends it without a goodbye; `restart` brings it back. Until then connections are taken, and end at once. */
  kill(): Promise<void>;
  /** Ends it as an operator does, with a goodbye; accounts and lasting rooms stay. */
  stop(): Promise<void>;
  /** Starts it again, on the same ports; ends it politely before when it runs. */
  restart(): Promise<void>;
  /** It keeps its connections and says nothing, until it is resumed. Resolves when it has stopped. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends all connections without a word. New ones are taken. */
  cut(): void;
  /** From now on the network takes bytes and hands nothing on, in either direction, until `restore`. */
  stall(): void;
  /** Ends all connections without a word, and each new one at once, until `restore`. */
  shut(): void;
  restore(): void;
  /** Connections its clients have made so far. */
  readonly connections: number;
  /** What it wrote to its log so far. */
  log(): string;
  /** Ends it and removes what it stored. */
  close(): Promise<void>;
}

export type ServerKind = 'prosody' | 'ejabberd';

export interface User {
  readonly name: string;
  /** `name@domain`. */
  readonly jid: string;
  readonly password: string;
}

export interface ServerOptions {
  /** Default `chat.test`. */
  readonly domain?: string;
  /** Default `rooms.` and the domain. */
  readonly conference?: string;
  /** How passwords are kept, and so how one can log in: plain ones allow each way. Default plain. */
  readonly passwords?: 'plain' | 'SCRAM-SHA-1' | 'SCRAM-SHA-256';
  /** SASL mechanisms that are not offered. */
  readonly withoutMechanisms?: readonly string[];
  /** Lets people log in without TLS. Default false. */
  readonly cleartext?: boolean;
  /** Without it no TLS is offered at all. Default true. */
  readonly tls?: boolean;
  /** Its own by default; or one for another domain, of another authority, or of yesterday. */
  readonly certificate?: Certificate;
  /** XEP-0078. Default false. */
  readonly legacyAuth?: boolean;
  /** New rooms are closed until their owner has configured them. Prosody alone can do that. Default false. */
  readonly lockedRooms?: boolean;
  /** The most bytes of one stanza; at least 10000. Default 262144. */
  readonly maxStanzaBytes?: number;
  /** XEP-0198. Default true. */
  readonly managed?: boolean;
  /** How long a cut stream can be resumed. Default 300. */
  readonly resumeSeconds?: number;
  /** XEP-0363, by HTTPS at 127.0.0.1 with the same certificate. Default false. */
  readonly upload?: boolean;
  /** Modules of that server that are loaded too, by its own names (for ejabberd without options). */
  readonly modules?: readonly string[];
}

export type Certificate = 'own' | 'elsewhere' | 'stranger' | 'expired';
