import type { Node } from '../discovery/registry.ts';
import { type Column, type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import type { CallOptions, Client } from '../runtime/client/client.ts';
import { MicroError } from '../runtime/errors.ts';
import { mapBounded } from './bounded.ts';
import { textOption } from './call.ts';
import { callerMetadata } from './caller.ts';
import type { Command, Invocation, Option } from './command.ts';
import { completeService } from './complete.ts';
import { callFailure, complain } from './failure.ts';
import { findService, type Whereabouts } from './whereabouts.ts';

/** How many nodes are asked at a time. */
const atOnce = 16;

/** A JSON object as a Debug endpoint answers it. */
export type DebugAnswer = Readonly<Record<string, unknown>>;

/** A command that asks the Debug handler of every node of a service. */
export interface NodesCommand {
  readonly verb: 'health' | 'stats';
  readonly description: string;
  readonly endpoint: string;
  /** After node and address. */
  readonly columns: readonly Column[];
  /** The cells of a node that answered. */
  cells(answer: DebugAnswer): readonly string[];
  /** The cells of a node that did not; `reason` is one line. */
  failed(reason: string): readonly string[];
}

export interface NodesDeps {
  readonly where: Whereabouts;
  readonly client: Client;
}

export const options: readonly Option[] = [
  { name: 'address', kind: 'string', env: 'MICRO_ADDRESS', usage: 'Ask only this instance' },
];

export const nodesCommand = (about: NodesCommand, { where, client }: NodesDeps): Command => ({
  name: about.verb,
  usage: `${about.verb} [service]`,
  description: about.description,
  source: { kind: 'builtin' },
  effect: 'read',
  options,
  complete: completeService(where),
  run: async (invocation: Invocation): Promise<Document> => {
    const [first = '', second] = [invocation.args.word(0), invocation.args.word(1)];
    // As older versions have it: `health check greeter`.
    const service = first === 'check' && second !== undefined ? second : first;
    if (service === '') {
      return complain(invocation, invocation.caller.input === 'cli' ? 'require service name' : `${about.verb} what?`);
    }
    const ask = async (where: Pick<CallOptions, 'address' | 'nodes'>): Promise<DebugAnswer> => {
      const answer = await client.call<DebugAnswer | null>(
        { service, endpoint: about.endpoint },
        {
          ...where,
          retries: 0,
          signal: invocation.signal,
          metadata: callerMetadata(invocation),
        },
      );
      return answer ?? {};
    };
    const address = textOption(invocation.options, 'address');
    if (address !== undefined) return askOne(about, ask({ address }));

    const row = async (node: Node): Promise<readonly string[]> => [
      node.id,
      node.address,
      ...(await cellsOf(about, ask({ nodes: [node] }))),
    ];
    const records = await findService(where, service);
    const parts = await Promise.all(
      records.map(
        async ({ version, nodes }): Promise<readonly Document[]> => [
          text(`version ${oneLine(version)}`),
          { kind: 'table', columns: [...nodeColumns, ...about.columns], rows: await mapBounded(nodes, atOnce, row) },
        ],
      ),
    );
    return where.dated({ kind: 'group', parts: [text(`service  ${oneLine(service)}`), ...parts.flat()] });
  },
});

const nodeColumns: readonly Column[] = [
  { title: 'node', tabs: 2 },
  { title: 'address:port', tabs: 2 },
];

/** A single instance shows its first value alone: scripts compare it with `ok`. */
const askOne = async (about: NodesCommand, answer: Promise<DebugAnswer>): Promise<Document> => {
  try {
    const cells = about.cells(await answer);
    if (cells.length === 1) return text(oneLine(cells.join('')));
    return { kind: 'table', columns: about.columns, rows: [cells] };
  } catch (error) {
    throw callFailure('', error);
  }
};

/** One node that fails must not hide what the others say. */
const cellsOf = async (about: NodesCommand, answer: Promise<DebugAnswer>): Promise<readonly string[]> => {
  try {
    return about.cells(await answer);
  } catch (error) {
    return about.failed(reasonOf(MicroError.from(error, 'micro.bot')));
  }
};

/** A node without a Debug handler is neither well nor ill: go-micro 6 does not install one by itself. */
const reasonOf = ({ detail, code, status }: MicroError): string =>
  // Over mucp, and over gRPC.
  detail.includes("can't find service Debug") || detail === 'unknown service Debug'
    ? 'unknown'
    : oneLine(detail === '' ? `${code} ${status}`.trim() : detail);
