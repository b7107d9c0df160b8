/** Where the victim goes. */
export interface VictimSettings {
  /** `host:port`. */
  readonly server: string;
  readonly domain: string;
  readonly accounts: number;
  /** `room@domain`. */
  readonly room: string;
  /** How much faster than ours its clock runs. */
  readonly clockFactor: number;
}

/** What the victim is like at the moment, after garbage collections. */
export interface Condition {
  /** Bytes. */
  readonly heap: number;
  readonly resident: number;
  /** Connections that are open. */
  readonly sockets: number;
  readonly timers: number;
  /** How often each command ran. */
  readonly runs: readonly (readonly [name: string, times: number])[];
  /** Lines of its log that say that something of ours failed. */
  readonly errors: readonly string[];
}
