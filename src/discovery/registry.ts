/** String pairs attached to a service, a node or an endpoint. */
export type Metadata = Readonly<Record<string, string>>;

/** The shape of a message or of one field of it: `type` is a Go-like name (`string`, `[]string`, `int64`, a message's name). */
export interface Value {
  readonly name: string;
  readonly type: string;
  readonly values: readonly Value[];
}

/** One method of a service, named `Type.Method`. */
export interface Endpoint {
  readonly name: string;
  readonly request: Value | undefined;
  readonly response: Value | undefined;
  readonly metadata: Metadata;
}

/** One running instance of a service. */
export interface Node {
  readonly id: string;
  /** `host:port`, or whatever the node's transport dials. */
  readonly address: string;
  readonly metadata: Metadata;
}

/** One version of a service. A service that runs in two versions is two records of one name. */
export interface ServiceRecord {
  readonly name: string;
  readonly version: string;
  readonly metadata: Metadata;
  readonly endpoints: readonly Endpoint[];
  readonly nodes: readonly Node[];
}

/** What changed. `service.nodes` holds the nodes concerned, not all of them. */
export interface RegistryEvent {
  readonly action: 'create' | 'update' | 'delete';
  readonly service: ServiceRecord;
}

export interface RegisterOptions {
  /**
   * How long the registration lives unless it is repeated. Default: until it is taken back or the registry is closed. A registry where
   * records end with the process that answers for them (mdns) does not need it.
   */
  readonly ttlMs?: number;
  /**
   * It is not taken back on `close` but stays, until somebody takes it back, where the registry `keeps` such records. Default false.
   */
  readonly stays?: boolean;
}

export interface WatchOptions {
  /** Only events of this service. Default: all. */
  readonly service?: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /**
   * Told `true`, and why, when the registry is out of reach and the watch waits for it, and `false` when it goes on with what happened
   * meanwhile. A watch that is lost instead ends, and says nothing here.
   */
  readonly onOutage?: (out: boolean, error?: Error) => void;
}

/**
 * Who is out there. Every method throws a `RegistryError` when the registry cannot be asked; that nobody is registered is no error.
 */
export interface Registry {
  /** The driver's name as in `--registry`, also put into node metadata. */
  readonly name: string;
  /** `listServices` gives whole records, with all nodes, and as cheaply as names. Default: names at least. */
  readonly listsNodes?: boolean;
  /** What is registered to stay does, without its process. Default false. */
  readonly keeps?: boolean;
  /** The registry is out of reach, which the driver's own log has told, as it will tell the end: nobody else needs to. Default false. */
  readonly isOut?: boolean;
  /** Adds the record's nodes. Repeating it for a node id replaces what was known of that node and renews its time to live. */
  register(service: ServiceRecord, options?: RegisterOptions): Promise<void>;
  /** Takes the record's nodes out, by id. Unknown nodes are no error. */
  deregister(service: ServiceRecord): Promise<void>;
  /** One record a version, each with all its nodes; empty when the service is unknown. */
  getService(name: string): Promise<readonly ServiceRecord[]>;
  /** At least the names of all services; some registries know no more at this point. Sorted by name. */
  listServices(): Promise<readonly ServiceRecord[]>;
  /** Resolves once subscribed: nothing that happens afterwards is missed. The iteration ends on abort and throws when the watch is lost. */
  watch(options: WatchOptions): Promise<AsyncIterable<RegistryEvent>>;
  /** Takes back what this process registered through it, ends its watches and releases what it holds. May be called twice. */
  close(): Promise<void>;
}

export type RegistryErrorCode =
  /** The registry could not be reached or did not answer. Worth trying again. */
  | 'unavailable'
  /** The record or the question is not acceptable. */
  | 'invalid'
  /** The registry was closed. */
  | 'closed';

export class RegistryError extends Error {
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RegistryError';
    this.code = code;
  }
}
