/** The numbers of gRPC's `grpc-status` that this runtime has something to say about. */
export const grpcStatus = {
  ok: 0,
  canceled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;

// One to one: what a code became on one side, the other side makes of it again.
const pairs: readonly (readonly [code: number, status: number])[] = [
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [408, 4],
  [409, 6],
  [412, 9],
  [500, 13],
  [501, 12],
  [503, 14],
];

const statuses: ReadonlyMap<number, number> = new Map([...pairs, [413, grpcStatus.resourceExhausted]]);
const codes: ReadonlyMap<number, number> = new Map(pairs.map(([code, status]) => [status, code]));

/**
 * The status of a micro error. Codes that gRPC has no word for become 2 (unknown), and so does 200, for which go-micro says 0: an error
 * that says it is none would be read as an answer without a message.
 */
export const statusOf = (code: number): number => statuses.get(code) ?? grpcStatus.unknown;

/** The code of a status that came without a micro error. */
export const codeOf = (status: number): number => codes.get(status) ?? 500;

/** The code of an answer that is not gRPC's at all: a proxy's page, or the refusal of a server that serves something else. */
export function codeOfHttp(httpStatus: number): number {
  if (httpStatus === 401 || httpStatus === 403) return httpStatus;
  if (httpStatus === 404) return 501;
  return httpStatus === 429 || (httpStatus >= 502 && httpStatus <= 504) ? 503 : 500;
}
