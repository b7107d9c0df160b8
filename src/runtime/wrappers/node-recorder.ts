import type { AnswerListener } from '../client/client.ts';

/** The node that answered. */
export interface Answered {
  readonly node: string;
  readonly address: string;
  readonly version?: string | undefined;
}

export interface NodeRecorder {
  /** To be a client's `onAnswer`. */
  readonly onAnswer: AnswerListener;
  /** The node that answered last for this command id, once: then it is forgotten. */
  take(id: string): Answered | undefined;
}

export interface NodeRecorderOptions {
  /** The version that a node of a service runs, asked for when the node is. Default: nobody knows. */
  readonly versionOf?: (service: string, node: string) => string | undefined;
  /** How many are remembered at most; the oldest are forgotten first. Default 10,000. */
  readonly most?: number;
}

interface Recorded {
  readonly node: string;
  readonly address: string;
  readonly service: string;
}

const idHeader = 'Micro-Bot-Command-Id';

/** Remembers which node answered a command, by the id that its calls carry. Calls without one are none of its business. */
export function nodeRecorder({ versionOf, most = 10_000 }: NodeRecorderOptions = {}): NodeRecorder {
  const recorded = new Map<string, Recorded>();
  return {
    onAnswer({ id: node, address }, service, { metadata }) {
      const id = metadata?.[idHeader];
      if (id === undefined) return;
      // The newest stand last.
      recorded.delete(id);
      recorded.set(id, { node, address, service });
      if (recorded.size <= most) return;
      for (const oldest of recorded.keys()) {
        recorded.delete(oldest);
        return;
      }
    },
    take(id) {
      const found = recorded.get(id);
      if (found === undefined) return undefined;
      recorded.delete(id);
      const { node, address, service } = found;
      return { node, address, version: versionOf?.(service, node) };
    },
  };
}
